/** What changes logits before the law is shaped: bias, bans, penalties. Values by hand. */
import { describe, expect, it } from 'vitest';
import { banTokens } from '../../../src/sampling/banned-tokens.ts';
import { addBias } from '../../../src/sampling/logit-bias.ts';
import { holdBackEos } from '../../../src/sampling/min-length.ts';
import { penalizeOccurrences } from '../../../src/sampling/occurrence-penalties.ts';
import { penalizeRepetition } from '../../../src/sampling/repetition-penalty.ts';

const INF = Number.POSITIVE_INFINITY;

function afterwards(logits: number[], change: (logits: Float64Array) => void): number[] {
  const changed = Float64Array.from(logits);
  change(changed);
  return [...changed];
}

describe('logit bias', () => {
  it('is added to the tokens that it names, id 0 too', () => {
    const bias = new Map([
      [0, 1.5],
      [2, -2],
    ]);
    expect(afterwards([1, 1, 1], (z) => addBias(z, bias))).toEqual([2.5, 1, -1]);
  });

  it('minus infinity bans; a removed token stays removed', () => {
    expect(afterwards([1, 1], (z) => addBias(z, new Map([[0, -INF]])))).toEqual([-INF, 1]);
    expect(afterwards([-INF, 1], (z) => addBias(z, new Map([[0, 100]])))).toEqual([-INF, 1]);
  });
});

describe('bans', () => {
  it('remove tokens, also twice, and leave the others', () => {
    expect(afterwards([1, 2, 3], (z) => banTokens(z, [0, 2, 2]))).toEqual([-INF, 2, -INF]);
    expect(afterwards([1, 2], (z) => banTokens(z, []))).toEqual([1, 2]);
  });

  it('EOS is held back until enough was generated, not a token longer', () => {
    expect(afterwards([1, 2, 3], (z) => holdBackEos(z, 1, 2, [0, 2]))).toEqual([-INF, 2, -INF]);
    expect(afterwards([1, 2, 3], (z) => holdBackEos(z, 2, 2, [0, 2]))).toEqual([1, 2, 3]);
    expect(afterwards([1, 2, 3], (z) => holdBackEos(z, 0, 0, [0]))).toEqual([1, 2, 3]);
    expect(afterwards([1, 2, 3], (z) => holdBackEos(z, 0, 5, []))).toEqual([1, 2, 3]);
  });
});

describe('repetition penalty', () => {
  it('divides positive and multiplies negative logits, once per distinct token', () => {
    expect(afterwards([4, -4, 4, -4], (z) => penalizeRepetition(z, [0, 1, 0, 0], 2))).toEqual([2, -8, 4, -4]);
  });

  it('below 1 it rewards', () => {
    expect(afterwards([4, -4], (z) => penalizeRepetition(z, [0, 1], 0.5))).toEqual([8, -2]);
  });

  it('zero stays zero and a removed token removed', () => {
    expect(afterwards([0, -INF], (z) => penalizeRepetition(z, [0, 1], 2))).toEqual([0, -INF]);
    expect(afterwards([0, -INF], (z) => penalizeRepetition(z, [0, 1], 0.5))).toEqual([0, -INF]);
  });

  it('a token of the text without a logit is ignored', () => {
    expect(afterwards([4, 4], (z) => penalizeRepetition(z, [7, 2, 1], 2))).toEqual([4, 2]);
  });
});

describe('frequency and presence penalty', () => {
  it('frequency counts, presence does not', () => {
    const text = [0, 2, 2, 2];
    expect(afterwards([1, 1, 1], (z) => penalizeOccurrences(z, text, 0.5, 0))).toEqual([0.5, 1, -0.5]);
    expect(afterwards([1, 1, 1], (z) => penalizeOccurrences(z, text, 0, 0.25))).toEqual([0.75, 1, 0.75]);
    expect(afterwards([1, 1, 1], (z) => penalizeOccurrences(z, text, 0.5, 0.25))).toEqual([0.25, 1, -0.75]);
  });

  it('negative ones reward; a removed token stays removed; no text, no change', () => {
    expect(afterwards([1, -INF], (z) => penalizeOccurrences(z, [0, 1, 1], -1, -0.5))).toEqual([2.5, -INF]);
    expect(afterwards([1, 2], (z) => penalizeOccurrences(z, [], 1, 1))).toEqual([1, 2]);
  });

  it('a token of the text without a logit is ignored', () => {
    expect(afterwards([1, 1], (z) => penalizeOccurrences(z, [7, 2, 1], 1, 0))).toEqual([1, 0]);
  });
});
