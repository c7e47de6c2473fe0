import { describe, expect, it } from 'vitest';
import { LawError } from '../../../src/errors.ts';
import { createSampler, type TextContext } from '../../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';

const INF = Number.POSITIVE_INFINITY;
const LN2 = Math.LN2;
const NO_TEXT: TextContext = { tokens: [], promptLength: 0 };

function lawOf(input: SamplingInput, logits: number[], context = NO_TEXT): number[] {
  const V = logits.length;
  return [...createSampler(checkSettings(input, V), V).law(Float64Array.from(logits), context)];
}

describe('temperature 0', () => {
  it('is a point mass on the largest logit, the lowest id on ties', () => {
    expect(lawOf({}, [1, 3, 3, -INF])).toEqual([0, 1, 0, 0]);
    expect(lawOf({}, [3, 3])).toEqual([1, 0]);
  });

  it('ignores the filters', () => {
    expect(lawOf({ topK: 1, topP: 0.1, minP: 1 }, [3, 3])).toEqual([1, 0]);
  });

  it('does not ignore bias, penalties, bans and the least length', () => {
    const text = { tokens: [0, 0], promptLength: 1 };
    expect(lawOf({ logitBias: { 1: 2 } }, [2, 1], text)).toEqual([0, 1]);
    expect(lawOf({ repetitionPenalty: 4 }, [2, 1], text)).toEqual([0, 1]);
    expect(lawOf({ frequencyPenalty: 2 }, [2, 1], text)).toEqual([0, 1]);
    expect(lawOf({ presencePenalty: 2 }, [2, 1], text)).toEqual([0, 1]);
    expect(lawOf({ bannedTokens: [0] }, [2, 1], text)).toEqual([0, 1]);
    expect(lawOf({ minNewTokens: 2, eosTokens: [0] }, [2, 1], text)).toEqual([0, 1]);
  });
});

describe('what of the text counts', () => {
  const text = { tokens: [0, 0, 1], promptLength: 2 };

  it('for repetition: prompt and generated tokens', () => {
    expect(lawOf({ temperature: 1, repetitionPenalty: 2 }, [2, 2, 1], text)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('for frequency and presence: generated tokens only', () => {
    expect(lawOf({ temperature: 1, frequencyPenalty: 1e4 }, [2, 2, 2], text)).toEqual([0.5, 0, 0.5]);
    expect(lawOf({ temperature: 1, presencePenalty: 1e4 }, [2, 2, 2], text)).toEqual([0.5, 0, 0.5]);
  });

  it('for the least length: generated tokens only', () => {
    expect(lawOf({ temperature: 1, minNewTokens: 2, eosTokens: [0] }, [2, 2, 2], text)).toEqual([0, 0.5, 0.5]);
    expect(lawOf({ temperature: 1, minNewTokens: 1, eosTokens: [0] }, [2, 2], { ...text, tokens: [0, 0, 1] })).toEqual([
      0.5, 0.5,
    ]);
  });

  it('nothing is remembered: a row asked again, after others, has the same law', () => {
    const settings = checkSettings({ temperature: 1, frequencyPenalty: 1, repetitionPenalty: 1.5, minNewTokens: 2 }, 3);
    const sampler = createSampler(settings, 3);
    const logits = Float64Array.of(1, 2, 3);
    const first = sampler.law(logits, text);
    sampler.law(logits, { tokens: [0, 0, 1, 2, 2, 2], promptLength: 2 }); // drafted, then rejected
    expect(sampler.law(logits, text)).toEqual(first);
    expect(logits).toEqual(Float64Array.of(1, 2, 3));
  });
});

it('filters at the edge of off are on', () => {
  const logits = [0, -30, -31];
  expect(lawOf({ temperature: 1, topK: 2 }, logits)[2]).toBe(0);
  expect(lawOf({ temperature: 1, topP: 1 - 2e-13 }, logits).slice(1)).toEqual([0, 0]);
  expect(lawOf({ temperature: 1, minP: 5e-14 }, logits)[2]).toBe(0);
  expect(lawOf({ temperature: 1 }, logits)[2]).toBeGreaterThan(0);
});

/** Each case has another law in any other order of the two. */
describe('order', () => {
  const text = { tokens: [0], promptLength: 0 };
  const near = (actual: number[], expected: number[]) =>
    expected.forEach((mass, i) => {
      expect(actual[i], `token ${i}`).toBeCloseTo(mass, 14);
    });

  it('bias before repetition penalty', () => {
    // (0 + 2 ln 2) / 2 = ln 2; the other way it would be 2 ln 2
    near(lawOf({ temperature: 1, logitBias: { 0: 2 * LN2 }, repetitionPenalty: 2 }, [0, 0], text), [2 / 3, 1 / 3]);
  });

  it('repetition penalty before frequency and presence penalty', () => {
    // 2 ln 2 / 2 - ln 2 = 0; the other way it would be ln 2 / 2
    near(lawOf({ temperature: 1, repetitionPenalty: 2, frequencyPenalty: LN2 }, [2 * LN2, 0], text), [0.5, 0.5]);
    near(lawOf({ temperature: 1, repetitionPenalty: 2, presencePenalty: LN2 }, [2 * LN2, 0], text), [0.5, 0.5]);
  });

  it('frequency penalty before temperature', () => {
    near(lawOf({ temperature: 2, frequencyPenalty: 2 * LN2 }, [0, 0], text), [1 / 3, 2 / 3]);
  });

  it('bans before top-k and top-p, which choose among the rest', () => {
    expect(lawOf({ temperature: 1, bannedTokens: [0], topK: 1 }, [3, 2, 1])).toEqual([0, 1, 0]);
    expect(lawOf({ temperature: 1, minNewTokens: 2, eosTokens: [0], topP: 0.1 }, [3, 2, 1])).toEqual([0, 1, 0]);
  });

  it('temperature before top-p and min-p', () => {
    // 1/7, 2/7, 4/7 at temperature 1; 1/21, 4/21, 16/21 at 1/2
    expect(lawOf({ temperature: 0.5, topP: 0.7 }, [0, LN2, 2 * LN2])).toEqual([0, 0, 1]);
    expect(lawOf({ temperature: 0.5, minP: 0.3 }, [0, LN2, 2 * LN2])).toEqual([0, 0, 1]);
  });

  it('top-k before top-p', () => {
    // All: .4 .3 .2 .1, of which .75 needs three. The first two are 4/7, 3/7; .55 of them needs one, of all two.
    const logits = [0.4, 0.3, 0.2, 0.1].map(Math.log);
    expect(lawOf({ temperature: 1, topK: 2, topP: 0.55 }, logits)).toEqual([1, 0, 0, 0]);
    near(lawOf({ temperature: 1, topK: 4, topP: 0.55 }, logits), [4 / 7, 3 / 7, 0, 0]);
  });

  it('top-p before min-p: the largest stays, so min-p first would leave less for top-p', () => {
    // min-p .6 keeps .4 .3; top-p .6 of those keeps both, and of all keeps .4 .3: the same. At top-p .57 of
    // 4/7 = .571 the second goes, while .57 of all keeps two, which min-p leaves.
    const logits = [0.4, 0.3, 0.2, 0.1].map(Math.log);
    near(lawOf({ temperature: 1, topP: 0.57, minP: 0.6 }, logits), [4 / 7, 3 / 7, 0, 0]);
  });
});

describe('what is not a law', () => {
  for (const temperature of [0, 1]) {
    it(`is a law error at temperature ${temperature}`, () => {
      const wrong: [SamplingInput, number[], RegExp][] = [
        [{}, [0, Number.NaN], /^logit 1: .*NaN/],
        [{}, [0, INF], /^logit 1: expected a number below infinity, got Infinity$/],
        [{}, [-INF, -INF], /^logits: expected at least one above minus infinity, got none$/],
        [{ bannedTokens: [1] }, [0, Number.NaN], /^logit 1: .*NaN/], // a ban must not hide it
        [{ topK: 1 }, [0, Number.NaN], /^logit 1: .*NaN/],
        [{ bannedTokens: [1] }, [-INF, 0], /^logits: .*none/], // the only one left is banned
      ];
      for (const [input, logits, message] of wrong) {
        const ask = () => lawOf({ ...input, temperature }, logits);
        expect(ask, `${logits}`).toThrow(LawError);
        expect(ask, `${logits}`).toThrow(message);
      }
    });
  }

  it('logits of another vocabulary', () => {
    const sampler = createSampler(checkSettings({}, 3), 3);
    const message = new LawError('logits', '3 of them', '2');
    expect(() => sampler.law(Float64Array.of(1, 2), NO_TEXT)).toThrow(message);
  });
});
