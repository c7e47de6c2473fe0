/** What concerns prompt, length and forced tokens. Values by hand. */
import { describe, expect, it } from 'vitest';
import { rewardPrompt } from '../../../src/sampling/encoder-repetition-penalty.ts';
import { favourEos } from '../../../src/sampling/exponential-decay.ts';
import { forceTokens } from '../../../src/sampling/forced-tokens.ts';
import { replaceInvalid } from '../../../src/sampling/invalid-values.ts';

const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;

function afterwards(logits: number[], change: (logits: Float64Array) => void): number[] {
  const changed = Float64Array.from(logits);
  change(changed);
  return [...changed];
}

describe('encoder repetition penalty', () => {
  it('multiplies positive and divides negative logits of the prompt, once per distinct token', () => {
    expect(afterwards([4, -4, 4, -4], (z) => rewardPrompt(z, [0, 1, 0, 0], 2))).toEqual([8, -2, 4, -4]);
    expect(afterwards([4, -4], (z) => rewardPrompt(z, [0, 1], 0.5))).toEqual([2, -8]);
  });

  it('by the rounded inverse, as the source does', () => {
    const inverse = 1 / 1.1;
    expect(afterwards([3, -3], (z) => rewardPrompt(z, [0, 1], 1.1))).toEqual([3 / inverse, -3 * inverse]);
  });

  it('zero stays zero, a removed token removed, and one without a logit is ignored', () => {
    expect(afterwards([0, -INF], (z) => rewardPrompt(z, [0, 1, 7], 2))).toEqual([0, -INF]);
  });
});

describe('exponential decay', () => {
  it('begins one token after the start and grows with each', () => {
    const eos = (generated: number) => afterwards([2, -2, 5], (z) => favourEos(z, generated, [3, 2], [0, 1]));
    expect(eos(0)).toEqual([2, -2, 5]);
    expect(eos(3)).toEqual([2, -2, 5]);
    expect(eos(4)).toEqual([4, 0, 5]); // z + |z| (2 - 1)
    expect(eos(5)).toEqual([8, 4, 5]); // z + |z| (4 - 1)
  });

  it('below 1 it defers the end; 1 changes nothing', () => {
    expect(afterwards([2, -2], (z) => favourEos(z, 1, [0, 0.5], [0, 1]))).toEqual([1, -3]);
    expect(afterwards([2, -2], (z) => favourEos(z, 9, [0, 1], [0, 1]))).toEqual([2, -2]);
  });

  it('a removed token stays removed, even where the factor has overflowed; a token named twice counts once', () => {
    expect(afterwards([-INF, 1], (z) => favourEos(z, 3, [0, 2], [0]))).toEqual([-INF, 1]);
    expect(afterwards([-INF, 1], (z) => favourEos(z, 3, [0, 1e300], [0]))).toEqual([-INF, 1]);
    expect(afterwards([2, 1], (z) => favourEos(z, 1, [0, 2], [0, 0]))).toEqual([4, 1]);
  });
});

describe('forced tokens', () => {
  it('are all that is left, equally likely, removed before or not', () => {
    expect(afterwards([5, -INF, 3, 2], (z) => forceTokens(z, [1, 2]))).toEqual([-INF, 0, 0, -INF]);
    expect(afterwards([5, 4], (z) => forceTokens(z, [0]))).toEqual([0, -INF]);
  });
});

describe('invalid values', () => {
  it('NaN is 0, infinities are the largest numbers of either sign, all else stays', () => {
    const max = Number.MAX_VALUE;
    expect(afterwards([NAN, INF, -INF, 1.5, -max, -0], replaceInvalid)).toEqual([0, max, -max, 1.5, -max, -0]);
  });
});
