/** What shapes the law by entropy or by a probability: top-h, typical-p, epsilon and eta cutoff. Values by hand. */
import { describe, expect, it } from 'vitest';
import { LawError } from '../../../src/errors.ts';
import { entropyOf, logProbabilities } from '../../../src/sampling/entropy.ts';
import { keepAtLeast } from '../../../src/sampling/epsilon-cutoff.ts';
import { keepEta } from '../../../src/sampling/eta-cutoff.ts';
import { keepTopH } from '../../../src/sampling/top-h.ts';
import { keepTypical } from '../../../src/sampling/typical-p.ts';

const INF = Number.POSITIVE_INFINITY;
const { LN2 } = Math;
/** Probabilities 1/8, 1/4, 0, 1/2, 1/8: an entropy of 7/4 bits, to which they add 3/8, 1/2, 0, 1/2 and 3/8. */
const EIGHTHS = [-2 * LN2, -LN2, -INF, 0, -2 * LN2];

function kept(logits: number[], filter: (logits: Float64Array) => void): number[] {
  const filtered = Float64Array.from(logits);
  filter(filtered);
  filtered.forEach((logit, i) => {
    if (logit !== -INF) expect(logit, 'a kept logit is not changed').toBe(logits[i]);
  });
  return [...filtered.keys()].filter((i) => filtered[i] !== -INF);
}

describe('entropy', () => {
  it('of eighths is 7/4 bits', () => {
    const logs = logProbabilities(Float64Array.from(EIGHTHS));
    [-3, -2, -INF, -1, -3].forEach((bits, i) => {
      if (bits === -INF) expect(logs[i]).toBe(-INF);
      else expect(logs[i]! / LN2).toBeCloseTo(bits, 14);
    });
    expect(entropyOf(logs) / LN2).toBeCloseTo(1.75, 14);
  });

  it('of one token is nothing, of equal ones the logarithm of their number', () => {
    expect(entropyOf(logProbabilities(Float64Array.of(-INF, 700)))).toBe(0);
    expect(entropyOf(logProbabilities(Float64Array.of(-900, -900, -900, -900)))).toBeCloseTo(Math.log(4), 14);
  });

  it('a token whose probability underflows has a logarithm and adds nothing', () => {
    const logs = logProbabilities(Float64Array.of(0, -2000));
    expect([...logs]).toEqual([0, -2000]);
    expect(entropyOf(logs)).toBe(0);
  });

  it('of what is not a law is a law error', () => {
    expect(() => logProbabilities(Float64Array.of(-INF))).toThrow(LawError);
    expect(() => logProbabilities(Float64Array.of(0, Number.NaN))).toThrow(LawError);
  });
});

describe('top-h', () => {
  const topH = (h: number) => (logits: Float64Array) => keepTopH(logits, h);

  it('keeps the likeliest as long as their part of the entropy fits', () => {
    // Parts of 7/4 bits, from the likeliest: 1/2, 1, 11/8, 14/8.
    expect(kept(EIGHTHS, topH(0.1))).toEqual([3]);
    expect(kept(EIGHTHS, topH(0.29))).toEqual([3]);
    expect(kept(EIGHTHS, topH(0.56))).toEqual([3]);
    expect(kept(EIGHTHS, topH(0.58))).toEqual([1, 3]);
    expect(kept(EIGHTHS, topH(0.78))).toEqual([1, 3]);
    expect(kept(EIGHTHS, topH(0.79))).toEqual([0, 1, 3]); // of two equal ones the lower id
    expect(kept(EIGHTHS, topH(0.99))).toEqual([0, 1, 3]);
  });

  it('1 keeps all except what has no mass', () => {
    expect(kept(EIGHTHS, topH(1))).toEqual([0, 1, 3, 4]);
    expect(kept([0, -2000, -1], topH(1))).toEqual([0, 2]);
    expect(kept([0.1, 0.7, 0.3, 0.9, 0.2, 0.5, 0.4], topH(1))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('the likeliest stays, also alone', () => {
    expect(kept([-INF, 3, -INF], topH(0.5))).toEqual([1]);
    expect(kept([0, 0], topH(Number.MIN_VALUE))).toEqual([0]);
  });

  it('looks at a hundred tokens, the lower ids of equal ones', () => {
    const level = Array(130).fill(0);
    expect(kept(level, topH(1))).toEqual([...Array(100).keys()]);
    expect(kept([...level.slice(0, 99), 1, ...level.slice(0, 30)], topH(1))).toEqual([...Array(100).keys()]);
    expect(kept([...level, 1], topH(1))).toEqual([...Array(99).keys(), 130]);
    // The entropy is that of the hundred: half of ln 100 are 50 of them.
    expect(kept(level, topH(0.505))).toEqual([...Array(50).keys()]);
  });

  it('what is not a law is a law error', () => {
    expect(() => keepTopH(Float64Array.of(0, Number.NaN), 0.5)).toThrow(LawError);
    expect(() => keepTopH(Float64Array.of(-INF), 0.5)).toThrow(LawError);
  });
});

describe('typical-p', () => {
  const typical = (p: number) => (logits: Float64Array) => keepTypical(logits, p);
  // Surprisals 3, 2, -, 1, 3 bits against 7/4: distances 5/4, 1/4, -, 3/4, 5/4.

  it('keeps those whose surprisal is nearest to the entropy, until they have the mass', () => {
    expect(kept(EIGHTHS, typical(0.1))).toEqual([1]);
    expect(kept(EIGHTHS, typical(0.24))).toEqual([1]);
    expect(kept(EIGHTHS, typical(0.26))).toEqual([1, 3]);
    expect(kept(EIGHTHS, typical(0.74))).toEqual([1, 3]);
  });

  it('equally typical ones stay together', () => {
    expect(kept(EIGHTHS, typical(0.76))).toEqual([0, 1, 3, 4]);
    expect(kept([2, 2, 2, 2], typical(0.01))).toEqual([0, 1, 2, 3]);
  });

  it('a mass met exactly is enough', () => {
    expect(kept(EIGHTHS, typical(0.25))).toEqual([1]);
    expect(kept(EIGHTHS, typical(0.25 + 2 ** -54))).toEqual([1, 3]);
    expect(kept(EIGHTHS, typical(0.75))).toEqual([1, 3]);
    expect(kept([0, -INF], typical(1 - 2 ** -53))).toEqual([0]);
  });

  it('a mass that rounding keeps out of reach keeps all that has any', () => {
    const logits = Array.from({ length: 12 }, (_, i) => Math.sin(i));
    expect(kept(logits, typical(1 - 2 ** -53))).toEqual([...logits.keys()]);
    expect(kept([...logits, -INF], typical(1 - 2 ** -53))).toEqual([...logits.keys()]);
  });

  it('what is not a law is a law error', () => {
    expect(() => keepTypical(Float64Array.of(0, Number.NaN), 0.5)).toThrow(LawError);
  });
});

describe('epsilon cutoff', () => {
  const epsilon = (p: number) => (logits: Float64Array) => keepAtLeast(logits, p);

  it('is a probability; exactly at the border a token stays', () => {
    expect(kept(EIGHTHS, epsilon(0.2))).toEqual([1, 3]);
    expect(kept(EIGHTHS, epsilon(0.25))).toEqual([1, 3]);
    expect(kept(EIGHTHS, epsilon(0.25 + 2 ** -54))).toEqual([3]);
    expect(kept(EIGHTHS, epsilon(0.125))).toEqual([0, 1, 3, 4]);
  });

  it('the most likely ones stay, however unlikely', () => {
    expect(kept(EIGHTHS, epsilon(0.9))).toEqual([3]);
    expect(kept([1, 0, 1], epsilon(0.9))).toEqual([0, 2]);
    expect(kept([0, 0, 0], epsilon(0.5))).toEqual([0, 1, 2]);
  });
});

describe('eta cutoff', () => {
  const eta = (value: number) => (logits: Float64Array) => keepEta(logits, value);

  it('is eta, or the root of eta over the exponential of the entropy, whichever is less', () => {
    // exp(-entropy) is 2^(-7/4) = 0.2973. At eta 1/16 the other border is 0.0743, at 1/4 it is 0.1487, at 0.99 it is
    // 0.2958.
    expect(kept(EIGHTHS, eta(1 / 16))).toEqual([0, 1, 3, 4]);
    expect(kept(EIGHTHS, eta(0.17))).toEqual([0, 1, 3, 4]); // 0.1226
    expect(kept(EIGHTHS, eta(0.18))).toEqual([1, 3]); // 0.1261
    expect(kept(EIGHTHS, eta(0.25))).toEqual([1, 3]);
    expect(kept(EIGHTHS, eta(0.99))).toEqual([3]);
  });

  it('eta itself decides where the entropy is low', () => {
    const low = [0, Math.log(0.02)]; // probabilities 0.98 and 0.0196, entropy 0.097
    expect(kept(low, eta(0.019))).toEqual([0, 1]);
    expect(kept(low, eta(0.02))).toEqual([0]);
  });

  it('the most likely ones stay', () => {
    expect(kept([0, 0, 0, 0], eta(0.999))).toEqual([0, 1, 2, 3]);
  });
});
