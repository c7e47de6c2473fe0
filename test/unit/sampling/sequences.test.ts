/** What concerns sequences of tokens: biases, bad words, n-grams. Values by hand. */
import { describe, expect, it } from 'vitest';
import { banWords } from '../../../src/sampling/bad-words.ts';
import { banSeenNgrams } from '../../../src/sampling/no-repeat-ngram.ts';
import { addSequenceBias } from '../../../src/sampling/sequence-bias.ts';
import { isNextOf } from '../../../src/sampling/sequence-match.ts';

const INF = Number.POSITIVE_INFINITY;

function afterwards(logits: number[], change: (logits: Float64Array) => void): number[] {
  const changed = Float64Array.from(logits);
  change(changed);
  return [...changed];
}

/** Ids of logits that are removed, of eight. */
function removed(change: (logits: Float64Array) => void): number[] {
  const logits = afterwards(Array(8).fill(1), change);
  return [...logits.keys()].filter((i) => logits[i] === -INF);
}

describe('a token comes next in a sequence', () => {
  it('when the text ends with all others', () => {
    expect(isNextOf([1, 2, 3], [0, 1, 2])).toBe(true);
    expect(isNextOf([1, 2, 3], [1, 2])).toBe(true);
    expect(isNextOf([5], [])).toBe(true);
    expect(isNextOf([5], [1, 2])).toBe(true);
  });

  it('not when the text ends otherwise, or is too short', () => {
    expect(isNextOf([1, 2, 3], [1, 2, 0])).toBe(false);
    expect(isNextOf([1, 2, 3], [0, 2])).toBe(false);
    expect(isNextOf([1, 2, 3], [1, 0])).toBe(false);
    expect(isNextOf([1, 2, 3], [2])).toBe(false);
    expect(isNextOf([1, 2], [])).toBe(false);
  });
});

describe('bias of sequences', () => {
  it('is added to the last token where the others come before it', () => {
    const biases = [
      [[0, 1], 2],
      [[1, 2], 5],
      [[3], -1],
    ] as const;
    expect(afterwards([1, 1, 1, 1], (z) => addSequenceBias(z, [2, 0], biases))).toEqual([1, 3, 1, 0]);
  });

  it('several of one token are summed before they are added, that of the single token first, then by length', () => {
    const [tiny, large] = [1, 2 ** 53];
    const text = [5, 6];
    const sum = (...biases: [number[], number][]) => afterwards([0], (z) => addSequenceBias(z, text, biases))[0];
    // (1 + 2^53) - 2^53 is 0 after rounding, (2^53 - 2^53) + 1 is 1.
    expect(sum([[6, 0], large], [[0], tiny], [[5, 6, 0], -large])).toBe(0);
    expect(sum([[6, 0], -large], [[5, 6, 0], tiny], [[0], large])).toBe(1);
    expect(sum([[5, 6, 0], tiny], [[6, 0], -large], [[0], large])).toBe(0); // the longer length was named first
    expect(
      afterwards([large], (z) =>
        addSequenceBias(z, text, [
          [[0], tiny],
          [[6, 0], tiny],
        ]),
      ),
    ).toEqual([large + 2]);
  });

  it('minus infinity bans, a removed token stays removed, without biases nothing changes', () => {
    expect(afterwards([1, 1], (z) => addSequenceBias(z, [1], [[[1, 0], -INF]]))).toEqual([-INF, 1]);
    expect(afterwards([-INF, 1], (z) => addSequenceBias(z, [1], [[[1, 0], 9]]))).toEqual([-INF, 1]);
    expect(afterwards([-0, 1], (z) => addSequenceBias(z, [], []))).toEqual([-0, 1]);
  });
});

describe('bad words', () => {
  it('are not completed, and may be begun', () => {
    const words = [[1, 2, 3], [4], [1, 5], [2, 6]];
    expect(removed((z) => banWords(z, [1, 2], words, []))).toEqual([3, 4, 6]);
    expect(removed((z) => banWords(z, [1], words, []))).toEqual([4, 5]);
    expect(removed((z) => banWords(z, [], words, []))).toEqual([4]);
  });

  it('a single end-of-text token is ignored, one at the end of a word is not', () => {
    expect(removed((z) => banWords(z, [3], [[0], [1], [3, 0]], [1, 0]))).toEqual([0]);
    expect(removed((z) => banWords(z, [4], [[0], [1], [3, 0]], [1, 0]))).toEqual([]);
    expect(removed((z) => banWords(z, [0], [[0, 2]], [0]))).toEqual([2]);
  });
});

describe('n-grams', () => {
  const again = (text: number[], size: number) => removed((z) => banSeenNgrams(z, text, text, size));

  it('of the text do not come twice', () => {
    expect(again([1, 2, 3, 1, 2, 4, 1, 2], 3)).toEqual([3, 4]);
    expect(again([1, 2, 3, 1, 2, 4, 5, 2], 3)).toEqual([]);
    expect(again([1, 2, 3, 1, 2, 4, 5, 2], 2)).toEqual([3, 4]);
    expect(again([1, 2, 3], 1)).toEqual([1, 2, 3]);
    expect(again([], 1)).toEqual([]);
  });

  it('that overlap themselves count', () => {
    expect(again([2, 2], 2)).toEqual([2]);
    expect(again([2, 2, 2], 3)).toEqual([2]);
    expect(again([2, 2], 3)).toEqual([]);
  });

  it('a text shorter than an n-gram has none', () => {
    expect(again([1], 2)).toEqual([]);
    expect(again([1, 1], 4)).toEqual([]);
  });

  it('of the prompt alone: those of generated tokens may come again', () => {
    const prompt = [1, 2, 3];
    expect(removed((z) => banSeenNgrams(z, prompt, [1, 2, 3, 4, 1, 2], 3))).toEqual([3]);
    expect(removed((z) => banSeenNgrams(z, prompt, [1, 2, 3, 4, 5, 4], 2))).toEqual([]);
    expect(removed((z) => banSeenNgrams(z, prompt, [1, 2, 3, 4], 1))).toEqual([1, 2, 3]);
  });

  it('a token without a logit is ignored', () => {
    expect(again([7, 9, 7], 2)).toEqual([]);
  });
});
