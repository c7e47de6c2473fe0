import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { dyadic } from '../../../src/law/exact-number.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { nearestNumber } from '../../../src/numerics/nearest-number.ts';

const ratio = (n: bigint, d: bigint): number => nearestNumber(new Fraction(n, d));

describe('the nearest float64', () => {
  it('of a float64 is itself, subnormal ones too', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(nearestNumber(dyadic(x))).toBe(x + 0); // a fraction has no negative zero
      }),
      { numRuns: 1000 },
    );
    expect(nearestNumber(dyadic(Number.MIN_VALUE))).toBe(Number.MIN_VALUE);
    expect(nearestNumber(dyadic(Number.MAX_VALUE))).toBe(Number.MAX_VALUE);
  });

  it('of a ratio of two float64 integers is their quotient, which IEEE 754 rounds correctly', () => {
    const integer = fc.bigInt({ min: 1n, max: 2n ** 53n });
    fc.assert(
      fc.property(integer, integer, fc.boolean(), (n, d, negative) => {
        expect(ratio(negative ? -n : n, d)).toBe((negative ? -1 : 1) * (Number(n) / Number(d)));
      }),
      { numRuns: 1000 },
    );
  });

  it('of a long integer is what Number makes of it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 1023n }), (n) => {
        expect(ratio(n, 1n)).toBe(Number(n));
      }),
    );
  });

  it('ties go to even, and the smallest bit after a tie decides', () => {
    const half = 2n ** 53n;
    expect(ratio(half + 1n, 1n)).toBe(2 ** 53);
    expect(ratio(half + 3n, 1n)).toBe(2 ** 53 + 4);
    const [scale, least] = [10n ** 400n, 1n];
    expect(ratio((half + 1n) * scale + least, scale)).toBe(2 ** 53 + 2);
    expect(ratio((half + 3n) * scale - least, scale)).toBe(2 ** 53 + 2);
  });

  it('at the ends: below half of the least number zero, infinite where float64 is', () => {
    const least = new Fraction(1n, 2n ** 1074n);
    expect(nearestNumber(least.div(2))).toBe(0);
    expect(nearestNumber(least.mul(new Fraction(2n ** 60n + 1n, 2n ** 61n)))).toBe(Number.MIN_VALUE);
    expect(nearestNumber(least.mul(new Fraction(3, 2)))).toBe(2 * Number.MIN_VALUE);
    expect(ratio(2n ** 1024n - 2n ** 970n - 1n, 1n)).toBe(Number.MAX_VALUE);
    expect(ratio(2n ** 1024n - 2n ** 970n, 1n)).toBe(Number.POSITIVE_INFINITY);
    expect(ratio(10n ** 500n, 1n)).toBe(Number.POSITIVE_INFINITY);
  });

  it('of terms beyond 2^1024, where a division of two float64 is NaN', () => {
    expect(ratio(10n ** 500n, 3n * 10n ** 500n + 1n)).toBe(1 / 3);
    expect(rational.toNumber(new Fraction(7n ** 900n, 7n ** 901n + 1n))).toBe(1 / 7);
    expect(ratio(0n, 5n)).toBe(0);
  });
});
