/** What shapes the law: temperature, top-k, top-p, min-p. Values by hand. */
import { describe, expect, it } from 'vitest';
import { LawError } from '../../../src/errors.ts';
import { keepMinP } from '../../../src/sampling/min-p.ts';
import { softmax } from '../../../src/sampling/softmax.ts';
import { divideByTemperature } from '../../../src/sampling/temperature.ts';
import { keepTopK } from '../../../src/sampling/top-k.ts';
import { keepTopP } from '../../../src/sampling/top-p.ts';

const INF = Number.POSITIVE_INFINITY;
/** Logits whose softmax is 1/8, 1/4, 0, 1/2, 1/8 to the bit, since exp(-ln 2) and exp(-2 ln 2) are. */
const EIGHTHS = [-2 * Math.LN2, -Math.LN2, -INF, 0, -2 * Math.LN2];

/** Ids that are left. */
function kept(logits: number[], filter: (logits: Float64Array) => void): number[] {
  const filtered = Float64Array.from(logits);
  filter(filtered);
  filtered.forEach((logit, i) => {
    if (logit !== -INF) expect(logit, 'a kept logit is not changed').toBe(logits[i]);
  });
  return [...filtered.keys()].filter((i) => filtered[i] !== -INF);
}

describe('temperature', () => {
  const divided = (logits: number[], temperature: number): Float64Array => {
    const changed = Float64Array.from(logits);
    divideByTemperature(changed, temperature);
    return changed;
  };

  it('divides; a removed token stays removed', () => {
    expect(divided([1, -3, -INF, 0], 2)).toEqual(Float64Array.of(0.5, -1.5, -INF, 0));
    expect(divided([1, 5], 0.1)).toEqual(Float64Array.of(1 / 0.1, 5 / 0.1)); // not a product with 1 / T
  });

  it('a tiny one comes out greedy, ties shared', () => {
    for (const temperature of [1e-300, Number.MIN_VALUE]) {
      expect(softmax(divided([3, 1e9, -5, 1e9, -INF], temperature))).toEqual(Float64Array.of(0, 0.5, 0, 0.5, 0));
      expect(softmax(divided([-1e9, -2e9, -INF], temperature))).toEqual(Float64Array.of(1, 0, 0));
      expect(softmax(divided([0, -1], temperature))).toEqual(Float64Array.of(1, 0));
    }
  });

  it('a huge one is uniform over what is left', () => {
    expect(softmax(divided([3, -INF, -5], Number.MAX_VALUE))).toEqual(Float64Array.of(0.5, 0, 0.5));
  });

  it('nothing left stays nothing', () => {
    expect(divided([-INF, -INF], Number.MIN_VALUE)).toEqual(Float64Array.of(-INF, -INF));
  });
});

describe('top-k', () => {
  const topK = (k: number) => (logits: Float64Array) => keepTopK(logits, k);

  it('keeps the k largest', () => {
    expect(kept([3, 1, 4, 1.5, 5, 9, 2.6], topK(3))).toEqual([2, 4, 5]);
    expect(kept([3, 1, 4, 1.5, 5, 9, 2.6], topK(1))).toEqual([5]);
    expect(kept([9, 1], topK(1))).toEqual([0]);
  });

  it('ties at the border all stay, ties above it count one by one', () => {
    expect(kept([1, 2, 2, 2, 3], topK(2))).toEqual([1, 2, 3, 4]);
    expect(kept([3, 3, 2, 1], topK(2))).toEqual([0, 1]);
    expect(kept([1, 1, 1], topK(1))).toEqual([0, 1, 2]);
    expect(kept([-0, 0, -1], topK(1))).toEqual([0, 1]); // equal, though sorts tell them apart
  });

  it('k of V or more keeps all', () => {
    expect(kept([1, 2, 3], topK(3))).toEqual([0, 1, 2]);
    expect(kept([1, 2, 3], topK(1000))).toEqual([0, 1, 2]);
  });

  it('a removed token is not kept to fill up', () => {
    expect(kept([-INF, 2, -INF, 1], topK(3))).toEqual([1, 3]);
  });
});

describe('top-p', () => {
  const topP = (p: number) => (logits: Float64Array) => keepTopP(logits, p);

  it('EIGHTHS are what they claim', () => {
    expect(softmax(Float64Array.from(EIGHTHS))).toEqual(Float64Array.of(0.125, 0.25, 0, 0.5, 0.125));
  });

  it('keeps the smallest set of most likely tokens that has the mass', () => {
    expect(kept(EIGHTHS, topP(0.6))).toEqual([1, 3]);
    expect(kept(EIGHTHS, topP(0.95))).toEqual([0, 1, 3, 4]);
    expect(kept(EIGHTHS, topP(0.2))).toEqual([3]);
  });

  it('exactly at a cumulative sum, the next token goes', () => {
    expect(kept(EIGHTHS, topP(0.5))).toEqual([3]);
    expect(kept(EIGHTHS, topP(0.5 + 2 ** -52))).toEqual([1, 3]);
    expect(kept(EIGHTHS, topP(0.75))).toEqual([1, 3]);
  });

  it('of equal tokens at the border the lower ids stay', () => {
    expect(kept(EIGHTHS, topP(0.875))).toEqual([0, 1, 3]);
    expect(kept([0, 0, 0, 0], topP(0.5))).toEqual([0, 1]);
    expect(kept([0, 0, 0, 0], topP(0.51))).toEqual([0, 1, 2]);
    expect(kept([-0, 0, -0, 0], topP(0.5))).toEqual([0, 1]); // equal, though sorts tell them apart
  });

  it('one token always stays: p of 0, a single token', () => {
    expect(kept(EIGHTHS, topP(0))).toEqual([3]);
    expect(kept([1, 1, 1], topP(0))).toEqual([0]);
    expect(kept([-INF, -4, -INF], topP(0.5))).toEqual([1]);
    expect(kept([7], topP(0))).toEqual([0]);
  });

  it('a token whose probability underflows to zero goes, even at p just below 1', () => {
    expect(kept([0, -1000, -30], topP(1 - 2 ** -53))).toEqual([0, 2]);
    expect(kept([-2000, -3000, -2001], topP(0.99))).toEqual([0, 2]); // unlikely is what is far below the largest
  });

  it('a vocabulary of 150000: as many as the mass needs', () => {
    const V = 150_000;
    // Geometric: token i (in scrambled order) has probability 2^-(i + 1); nine of them exceed 0.998.
    const logits = Array.from({ length: V }, (_, id) => -(((id * 7919) % V) * Math.LN2));
    const expected = [...logits.keys()].filter((id) => (id * 7919) % V < 9);
    expect(kept(logits, topP(0.998))).toEqual(expected);
  });

  it('what is not a law is a law error', () => {
    expect(() => keepTopP(Float64Array.of(1, Number.NaN), 0.5)).toThrow(LawError);
    expect(() => keepTopP(Float64Array.of(-INF, -INF), 0.5)).toThrow(LawError);
  });
});

describe('min-p', () => {
  const minP = (p: number) => (logits: Float64Array) => keepMinP(logits, p);

  it('is a share of the largest probability, not a probability', () => {
    expect(kept(EIGHTHS, minP(0.4))).toEqual([1, 3]); // above 0.2, not above 0.4
    expect(kept(EIGHTHS, minP(0.2))).toEqual([0, 1, 3, 4]);
  });

  it('exactly at the border a token stays', () => {
    expect(kept(EIGHTHS, minP(0.25))).toEqual([0, 1, 3, 4]);
    expect(kept(EIGHTHS, minP(0.25 + 2 ** -54))).toEqual([1, 3]);
  });

  it('1 keeps the largest and what equals it', () => {
    expect(kept(EIGHTHS, minP(1))).toEqual([3]);
    expect(kept([2, 1, 2], minP(1))).toEqual([0, 2]);
  });
});
