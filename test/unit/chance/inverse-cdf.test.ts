import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAt } from '../../../src/chance/inverse-cdf.ts';
import { LawError } from '../../../src/errors.ts';

/** The largest uniform that a tape gives. */
const ALMOST_ONE = 1 - 2 ** -53;

describe('indexAt', () => {
  it.each([
    ['u = 0 skips leading zeros', 0, [0, 0, 0.5, 0.5], 2],
    ['u exactly at a border belongs to the next index', 0.25, [0.25, 0.25, 0.5], 1],
    ['the number below a border to the one before', 0.25 - 2 ** -54, [0.25, 0.25, 0.5], 0],
    ['u at a border skips the zeros after it', 0.5, [0.5, 0, 0, 0.5], 3],
    ['the largest u takes the last index', ALMOST_ONE, [0.5, 0.25, 0.25], 2],
    ['but not when its weight is zero', ALMOST_ONE, [0.5, 0.5, 0, 0], 1],
    ['one token', ALMOST_ONE, [3], 0],
    ['weights need not sum to one', 0.5, [2, 2, 4], 2],
    ['nor be large', 0.5, [2e-300, 1e-300, 1e-300], 1],
  ])('%s', (_, uniform, weights, index) => {
    expect(indexAt(uniform, weights)).toBe(index);
  });

  it('returns the last index of positive weight when u * total rounds up to the total', () => {
    // Only a subnormal total does so: (1 - 2^-53) * 2^-1074 rounds to 2^-1074.
    expect(ALMOST_ONE * Number.MIN_VALUE).toBe(Number.MIN_VALUE);
    expect(indexAt(ALMOST_ONE, [0, Number.MIN_VALUE, 0])).toBe(1);
  });

  it('never returns an index of weight zero', () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
    const uniform = fc.oneof(fc.constantFrom(0, 0.5, ALMOST_ONE), fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }));
    fc.assert(
      fc.property(uniform, fc.array(weight, { minLength: 1 }), (u, weights) => {
        fc.pre(weights.some((w) => w > 0));
        expect(weights[indexAt(u, weights)]).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('selects i on an interval of length w[i] / total: exact over a dyadic grid', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(7), { minLength: 1, maxLength: 6 }), (weights) => {
        const total = weights.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const counts = weights.map(() => 0);
        // u = (k + 1/2) / total lies inside unit k of the total.
        for (let k = 0; k < total; k++) counts[indexAt((k + 0.5) / total, weights)]! += 1;
        expect(counts).toEqual(weights);
      }),
    );
  });

  it.each([
    ['negative', [0.5, -0.1], 'weight 1: expected a finite number of at least 0, got -0.1'],
    ['NaN', [Number.NaN, 1], 'weight 0: expected a finite number of at least 0, got NaN'],
    ['infinite', [1, Number.POSITIVE_INFINITY], 'weight 1: expected a finite number of at least 0, got Infinity'],
    ['no mass', [0, 0], 'sum of weights: expected a finite number above 0, got 0'],
    ['no weights', [], 'sum of weights: expected a finite number above 0, got 0'],
    ['a sum that overflows', [1e308, 1e308], 'sum of weights: expected a finite number above 0, got Infinity'],
  ])('refuses %s', (_, weights, message) => {
    expect(() => indexAt(0.5, weights)).toThrow(message);
    expect(() => indexAt(0.5, weights)).toThrow(LawError);
  });
});
