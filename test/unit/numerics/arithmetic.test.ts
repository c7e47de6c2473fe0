import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { type Arithmetic, float64, rational, sum } from '../../../src/numerics/arithmetic.ts';

describe('arithmetic', () => {
  it('float64 and rationals agree on integers small enough for both to be exact', () => {
    const integer = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const [x, y] = [new Fraction(a), new Fraction(b)];
        for (const name of ['add', 'subtract', 'multiply'] as const) {
          expect(rational[name](x, y).valueOf()).toBe(float64[name](a, b) + 0); // + 0: a fraction has no -0
        }
        expect(Math.sign(rational.compare(x, y))).toBe(Math.sign(float64.compare(a, b)));
        if (b !== 0) expect(rational.divide(x, y).equals(new Fraction(a, b))).toBe(true);
      }),
    );
  });

  it('float64 rounds, rationals do not', () => {
    expect(float64.add(0.1, 0.2)).toBe(0.30000000000000004);
    expect(rational.add(new Fraction(1, 10), new Fraction(2, 10)).toFraction()).toBe('3/10');
    expect(rational.divide(new Fraction(1), new Fraction(3)).toFraction(false)).toBe('1/3');
  });

  it.each([
    ['float64', float64],
    ['rational', rational],
  ] as [string, Arithmetic<unknown>][])('%s: zero and one are neutral', (_, arithmetic) => {
    const { zero, one } = arithmetic;
    expect(arithmetic.compare(arithmetic.add(one, zero), one)).toBe(0);
    expect(arithmetic.compare(arithmetic.multiply(one, one), one)).toBe(0);
    expect(arithmetic.compare(arithmetic.subtract(one, one), zero)).toBe(0);
    expect(arithmetic.compare(one, zero)).toBeGreaterThan(0);
    expect(arithmetic.compare(zero, one)).toBeLessThan(0);
  });
});

describe('sum', () => {
  it('goes from left to right', () => {
    // 1e16 + 1 rounds to 1e16: only the second 1 survives. From right to left both would be lost.
    expect(sum(float64, [1e16, 1, -1e16, 1])).toBe(1);
    expect(sum(float64, [1, -1e16, 1, 1e16])).toBe(0);
  });

  it('of nothing is zero; takes typed arrays and fractions', () => {
    expect(sum(float64, [])).toBe(0);
    expect(sum(float64, Float64Array.of(1, 2))).toBe(3);
    expect(sum(rational, [new Fraction(1, 3), new Fraction(1, 6)]).toFraction()).toBe('1/2');
  });
});
