import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { coinAlternatives, drawAlternatives } from '../../../src/chance/alternatives.ts';
import { LawError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';

describe('coinAlternatives', () => {
  it.each([
    ['a share of one quarter', 1, 4, [0.75, 0.25]],
    ['certain at equality', 4, 4, [null, 1]],
    ['certain above', 5, 4, [null, 1]],
    ['impossible at zero', 0, 4, [1, null]],
    ['impossible where both are zero', 0, 0, [1, null]],
  ])('%s', (_, numerator, denominator, [no, yes]) => {
    const expected = [no, yes].flatMap((probability, index) => (probability === null ? [] : [{ index, probability }]));
    expect(coinAlternatives(float64, numerator, denominator)).toEqual(expected);
  });
});

describe('drawAlternatives', () => {
  it('divides by the sum, in ascending order, and leaves out what cannot be drawn', () => {
    const weights = [0, 3, 0, 1].map((weight) => new Fraction(weight));
    const drawn = drawAlternatives(rational, weights);
    expect(drawn.map(({ index, probability }) => `${index}: ${probability.toFraction()}`)).toEqual([
      '1: 3/4',
      '3: 1/4',
    ]);
  });

  it.each([
    ['no weights', [], new LawError('sum of weights', 'above 0', '0')],
    ['no mass', [0, 0], new LawError('sum of weights', 'above 0', '0')],
    ['a negative weight', [1, -1], new LawError('weight 1', 'at least 0', '-1')],
  ])('refuses %s', (_, weights, error) => {
    expect(() => drawAlternatives(float64, weights)).toThrow(error);
  });
});
