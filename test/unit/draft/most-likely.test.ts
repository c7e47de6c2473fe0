import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostLikelyTokens } from '../../../src/draft/most-likely.ts';

describe('mostLikelyTokens', () => {
  it.each([
    ['most likely first', [0.1, 0.2, 0.4, 0.3], 3, [2, 3, 1]],
    ['lower ids first on ties', [0.25, 0.25, 0.25, 0.25], 2, [0, 1]],
    ['a tie at the border keeps the lower id', [0.2, 0.4, 0.2, 0.2], 2, [1, 0]],
    ['a late maximum', [0.1, 0.1, 0.8], 1, [2]],
    ['no banned token', [Number.NEGATIVE_INFINITY, 0.5, -7, 0.5], 4, [1, 3, 2]],
    ['logits below zero', [-3, -1, -2], 2, [1, 2]],
    ['nothing asked for', [0.5, 0.5], 0, []],
  ])('%s', (_, law, count, expected) => {
    expect(mostLikelyTokens(law, count)).toEqual(expected);
  });

  it('is the beginning of a stable descending sort', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 12 }), fc.nat(13), (law, count) => {
        const sorted = law.map((_, token) => token).sort((a, b) => law[b]! - law[a]! || a - b);
        expect(mostLikelyTokens(law, count)).toEqual(sorted.slice(0, count));
      }),
      { numRuns: 500 },
    );
  });
});
