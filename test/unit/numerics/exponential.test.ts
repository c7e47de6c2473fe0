import stdlibExp from '@stdlib/math-base-special-exp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp } from '../../../src/numerics/exponential.ts';

/** The neighbours of a number too: conditions turn between two of them. */
const around = (x: number): number[] => [-2, -1, 0, 1, 2].map((steps) => x * (1 + steps * Number.EPSILON));

describe('exp has the bits of stdlib', () => {
  it.each([
    ['numbers of all sizes', fc.double()],
    ['where neither function is constant', fc.double({ min: -750, max: 715, noNaN: true })],
    ['differences of logits', fc.double({ min: -40, max: 0, noNaN: true })],
    ['next to zero', fc.double({ min: -1e-7, max: 1e-7, noNaN: true })],
  ])('%s', (_, numbers) => {
    fc.assert(
      fc.property(numbers, (x) => {
        expect(exp(x)).toBe(stdlibExp(x));
      }),
      { numRuns: 3000 },
    );
  });

  it('where it turns from one power of two to the next, up to where numbers end', () => {
    for (let k = -1078; k <= 1026; k++) {
      for (const x of [...around(k * Math.LN2), ...around((k + 0.5) * Math.LN2)]) expect(exp(x)).toBe(stdlibExp(x));
    }
  });

  it.each([2 ** -28, 707, 708.3964185322641, 709.782712893384, 745.1332191019411, 0])(
    'around plus and minus %d',
    (x) => {
      for (const y of [...around(x), ...around(-x)]) expect(exp(y)).toBe(stdlibExp(y));
    },
  );

  it('what is not finite', () => {
    expect(exp(Number.NaN)).toBe(Number.NaN);
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
  });
});
