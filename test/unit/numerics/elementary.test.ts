import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cos, exp, ln, lnGamma, pow, sin } from '../../../src/numerics/elementary.ts';
import { exactCos, exactExp, exactSin, ulp, ulpError } from '../../support/high-precision.ts';

describe('the oracle itself', () => {
  it('knows published digits: e, sin 1, cos 1', () => {
    const digits = (x: bigint) => `${(x * 10n ** 30n) >> 300n}`;
    expect(digits(exactExp(1))).toBe('2718281828459045235360287471352'); // OEIS A001113
    expect(digits(exactSin(1))).toBe('841470984807896506652502321630'); // OEIS A049469
    expect(digits(exactCos(1))).toBe('540302305868139717400936607442'); // OEIS A049470
  });

  it('measures errors in units of the last place', () => {
    expect(ulp(1)).toBe(2 ** -52);
    expect(ulpError(1, 1n << 300n)).toBe(0);
    expect(ulpError(1 + 2 ** -52, 1n << 300n)).toBe(1);
  });
});

// One ulp and not half: exp(1), for one, is the neighbour of the float64 nearest to e.
describe('elementary functions stay within one ulp of the truth', () => {
  const within = (range: number) =>
    fc.double({ min: -range, max: range, noNaN: true }).filter((x) => Math.abs(x) > 1e-9);

  it.each([
    ['exp', exp, exactExp, 40],
    ['sin', sin, exactSin, 100],
    ['cos', cos, exactCos, 100],
  ] as const)('%s', (_, approximate, exact, range) => {
    fc.assert(
      fc.property(within(range), (x) => {
        expect(ulpError(approximate(x), exact(x))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('ln undoes exp: the exact exponential of a logarithm is its argument', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1e8, noNaN: true }), (x) => {
        const y = ln(x);
        // An error of one ulp of y moves e^y by ulp(y) * x; half an ulp of x is its own rounding.
        const bound = (y === 0 ? 0 : ulp(y) * x) / ulp(x) + 1;
        expect(ulpError(x, exactExp(y))).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 300 },
    );
  });
});

describe('well-known values', () => {
  it.each([
    ['exp(0)', exp(0), 1],
    ['exp(-745.2)', exp(-745.2), 0],
    ['exp(-inf)', exp(Number.NEGATIVE_INFINITY), 0],
    ['exp(710)', exp(710), Number.POSITIVE_INFINITY],
    ['ln(1)', ln(1), 0],
    ['ln(2)', ln(2), Math.LN2],
    ['ln(0)', ln(0), Number.NEGATIVE_INFINITY],
    ['ln(-1)', ln(-1), Number.NaN],
    ['lnGamma(1)', lnGamma(1), 0],
    ['lnGamma(5), which is ln 24', lnGamma(5), ln(24)],
    ['lnGamma(1/2), which is ln sqrt(pi)', lnGamma(0.5), 0.5723649429247001], // ln(pi) / 2 = 0.57236494292470008707…
    ['sin(0)', sin(0), 0],
    ['cos(0)', cos(0), 1],
    // Far arguments need pi to many digits: sin(10^22) = -0.8522008497671888017727… (Ng 1992, "Argument reduction").
    ['sin(1e22)', sin(1e22), -0.8522008497671888],
    ['pow(2, -10)', pow(2, -10), 1 / 1024],
    ['pow(2, 0.5)', pow(2, 0.5), Math.SQRT2],
    ['pow(10000, 0)', pow(10000, 0), 1],
    ['pow(10000, 0.5)', pow(10000, 0.5), 100],
    ['pow(10000, -0.25)', pow(10000, -0.25), 0.1],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });
});
