import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { mostLikely, normalised, without } from '../../../src/chance/distribution.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';

describe('normalised', () => {
  it('divides by the sum, from left to right', () => {
    expect(normalised(float64, [0.1, 0.2, 0.3])).toEqual([0.1, 0.2, 0.3].map((weight) => weight / (0.1 + 0.2 + 0.3)));
    const thirds = normalised(
      rational,
      [1, 0, 2].map((weight) => new Fraction(weight)),
    )!;
    expect(thirds.map((weight) => weight.toFraction())).toEqual(['1/3', '0', '2/3']);
  });

  it.each([[[]], [[0, 0]]])('is null for %j', (weights) => {
    expect(normalised(float64, weights)).toBe(null);
  });
});

describe('without', () => {
  it('gives what the others have, in their proportions', () => {
    expect(without(float64, [0.5, 0.25, 0.25], 0)).toEqual([0, 0.5, 0.5]);
  });

  it('is null when the token had it all', () => {
    expect(without(float64, [0, 1], 1)).toBe(null);
  });
});

describe('mostLikely', () => {
  it('is the largest, the lowest on ties', () => {
    expect(mostLikely(float64, [0.25, 0.375, 0.375])).toBe(1);
    expect(
      mostLikely(
        rational,
        ['1/3', '1/2', '1/6'].map((text) => new Fraction(text)),
      ),
    ).toBe(1);
    expect(mostLikely(float64, [1])).toBe(0);
  });
});
