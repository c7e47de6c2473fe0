/**
 * The order of processors where it decides, and the tokens of the text at which those of one position act. Values by
 * hand.
 */
import { describe, expect, it } from 'vitest';
import { LawError } from '../../../src/errors.ts';
import { createSampler } from '../../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';

const { LN2 } = Math;
const INF = Number.POSITIVE_INFINITY;

/** The law after a text: prompt and generated tokens. */
function lawOf(input: SamplingInput, logits: number[], prompt: number[] = [], generated: number[] = []): number[] {
  const V = logits.length;
  const context = { tokens: [...prompt, ...generated], promptLength: prompt.length };
  return [...createSampler(checkSettings({ temperature: 1, ...input }, V), V).law(Float64Array.from(logits), context)];
}

const near = (actual: number[], expected: number[]) =>
  expected.forEach((mass, i) => {
    expect(actual[i], `token ${i}`).toBeCloseTo(mass, 14);
  });

describe('penalties', () => {
  it('biases of tokens, then of sequences, then the penalty of the prompt, then that of the text', () => {
    // (0 + ln 2) * 2 / 4 = ln 2 / 2; a bias after the penalties would add its whole.
    const input = { sequenceBias: [[[0], LN2]], encoderRepetitionPenalty: 2, repetitionPenalty: 4 } as const;
    near(lawOf(input, [0, 0], [0], [0]), [Math.SQRT2 / (Math.SQRT2 + 1), 1 / (Math.SQRT2 + 1)]);
    const large = 2 ** 53; // (z + 1) - 2^53: rounded apart from z + (1 - 2^53)
    expect(lawOf({ logitBias: { 0: 1 }, sequenceBias: [[[0], -large]] }, [large, 0])).toEqual([0.5, 0.5]);
  });

  it('the penalty of the prompt looks at the prompt alone', () => {
    near(lawOf({ encoderRepetitionPenalty: 2 }, [LN2, LN2], [0], [1]), [2 / 3, 1 / 3]);
  });
});

describe('n-grams', () => {
  it('of the text, of the prompt', () => {
    const law = (input: SamplingInput) => lawOf(input, [0, 0, 0], [0, 1], [2, 0]);
    expect(law({ noRepeatNgramSize: 2 })).toEqual([0.5, 0, 0.5]);
    expect(law({ encoderNoRepeatNgramSize: 2 })).toEqual([0.5, 0, 0.5]);
    expect(lawOf({ encoderNoRepeatNgramSize: 2 }, [0, 0], [1], [0, 0])).toEqual([0.5, 0.5]);
    expect(lawOf({ noRepeatNgramSize: 2 }, [0, 0], [1], [0, 0])).toEqual([0, 1]);
    expect(lawOf({ noRepeatNgramSize: 1 }, [0, 0], [], [0])).toEqual([0, 1]);
    expect(lawOf({ encoderNoRepeatNgramSize: 1 }, [0, 0], [1], [0])).toEqual([1, 0]);
  });
});

describe('lengths', () => {
  it('minLength counts the prompt, minNewTokens does not and takes its place', () => {
    const law = (input: SamplingInput) => lawOf({ eosTokens: [0], ...input }, [0, 0], [1, 1], [1]);
    expect(law({ minLength: 4 })).toEqual([0, 1]);
    expect(law({ minLength: 3 })).toEqual([0.5, 0.5]);
    expect(law({ minNewTokens: 2 })).toEqual([0, 1]);
    expect(law({ minNewTokens: 1 })).toEqual([0.5, 0.5]);
    expect(law({ minLength: 9, minNewTokens: 0 })).toEqual([0.5, 0.5]);
  });

  it('the decay counts generated tokens', () => {
    const input = { eosTokens: [0], exponentialDecayLengthPenalty: [1, 2] } as const;
    expect(lawOf(input, [LN2, LN2], [1, 1], [1])).toEqual([0.5, 0.5]);
    near(lawOf(input, [LN2, LN2], [1, 1], [1, 1]), [2 / 3, 1 / 3]);
  });
});

describe('forced tokens', () => {
  it('a BOS comes after a text of one token, prompt or not', () => {
    const input = { forcedBosTokens: [0] };
    expect(lawOf(input, [0, 0], [1])).toEqual([1, 0]);
    expect(lawOf(input, [0, 0], [], [1])).toEqual([1, 0]);
    expect(lawOf(input, [0, 0], [])).toEqual([0.5, 0.5]);
    expect(lawOf(input, [0, 0], [1, 1])).toEqual([0.5, 0.5]);
    expect(lawOf(input, [0, 0], [1], [0])).toEqual([0.5, 0.5]);
  });

  it('an EOS is the last of maxNewTokens', () => {
    const law = (generated: number[]) => lawOf({ forcedEosTokens: [0], maxNewTokens: 2 }, [0, 0], [1, 1, 1], generated);
    expect(law([])).toEqual([0.5, 0.5]);
    expect(law([1])).toEqual([1, 0]);
    expect(law([1, 1])).toEqual([0.5, 0.5]);
    expect(lawOf({ forcedEosTokens: [0] }, [0, 0], [1], [1, 1])).toEqual([0.5, 0.5]); // no end
    expect(lawOf({ forcedEosTokens: [0], maxNewTokens: 1, temperature: 0 }, [0, 9], [1])).toEqual([1, 0]);
  });

  it('an EOS after a BOS where both come; after the bans before, before the bans after', () => {
    const both = { forcedBosTokens: [1], forcedEosTokens: [0], maxNewTokens: 1 };
    expect(lawOf(both, [0, 0], [1])).toEqual([1, 0]);
    expect(lawOf({ ...both, badWords: [[0]] }, [0, 0], [1])).toEqual([1, 0]);
    const begun = { forcedEosTokens: [0, 1], maxNewTokens: 1, beginSuppressTokens: [0] };
    expect(lawOf(begun, [0, 0], [1])).toEqual([0, 1]);
    expect(lawOf({ ...both, forcedBosTokens: [], bannedTokens: [1] }, [0, 0], [1])).toEqual([1, 0]);
  });
});

describe('suppressed at the beginning', () => {
  it('the first generated token; the second after a BOS that was forced', () => {
    const input = { beginSuppressTokens: [0] };
    expect(lawOf(input, [0, 0], [1, 1])).toEqual([0, 1]);
    expect(lawOf(input, [0, 0], [1, 1], [1])).toEqual([0.5, 0.5]);
    const forced = { ...input, forcedBosTokens: [0] };
    expect(lawOf(forced, [0, 0], [1])).toEqual([1, 0]);
    expect(lawOf(forced, [0, 0], [1], [0])).toEqual([0, 1]);
    expect(lawOf(forced, [0, 0], [1], [0, 1])).toEqual([0.5, 0.5]);
    expect(lawOf(forced, [0, 0], [1, 1])).toEqual([0, 1]);
    expect(lawOf(forced, [0, 0], [1, 1], [1])).toEqual([0.5, 0.5]);
  });
});

describe('invalid values', () => {
  it('are replaced only where that is asked for', () => {
    expect(lawOf({ removeInvalidValues: true }, [Number.NaN, 0, -INF])).toEqual([0.5, 0.5, 0]);
    expect(lawOf({ removeInvalidValues: true }, [INF, 0])).toEqual([1, 0]);
    expect(() => lawOf({}, [Number.NaN, 0])).toThrow(LawError);
    expect(() => lawOf({ removeInvalidValues: false }, [INF, 0])).toThrow(LawError);
  });

  it('after the bans of words, whose tokens are then merely as unlikely as can be, and before bans of tokens', () => {
    expect(lawOf({ removeInvalidValues: true, noRepeatNgramSize: 1 }, [1, 2], [0, 1])).toEqual([0.5, 0.5]);
    expect(lawOf({ removeInvalidValues: true, noRepeatNgramSize: 1, bannedTokens: [0] }, [1, 2], [0, 1])).toEqual([
      0, 1,
    ]);
  });

  it('before the decay, which lifts an EOS that was removed', () => {
    const input = { eosTokens: [0], minLength: 9, exponentialDecayLengthPenalty: [0, 2] } as const;
    expect(lawOf(input, [0, 0], [1], [1])).toEqual([0, 1]);
    expect(lawOf({ ...input, removeInvalidValues: true }, [0, 0], [1], [1])).toEqual([0.5, 0.5]); // -max + max
  });
});

describe('what shapes the law', () => {
  const logits = [0.5, 0.25, 0.125, 0.125].map(Math.log);

  it('has an effect each, and none at temperature 0', () => {
    for (const input of [{ topH: 0.1 }, { typicalP: 0.1 }, { epsilonCutoff: 0.3 }, { etaCutoff: 0.99 }]) {
      expect(lawOf(input, logits), JSON.stringify(input)).toContain(1);
      expect(lawOf({ ...input, temperature: 0 }, logits)).toEqual([1, 0, 0, 0]);
    }
    expect(lawOf({ typicalP: 0.1 }, logits)).toEqual([0, 1, 0, 0]);
  });

  it('top-h before top-k: its entropy is that of all', () => {
    // Parts of 7/4 bits, from the likeliest: 1/2, 1, ... The first two alone have 0.918 bits.
    expect(lawOf({ topH: 0.6, topK: 2 }, logits).filter((mass) => mass > 0)).toHaveLength(2);
    expect(lawOf({ topH: 0.56, topK: 2 }, logits).filter((mass) => mass > 0)).toHaveLength(1);
  });

  it('temperature before top-h', () => {
    // At temperature 1/2 the likeliest has 16/22 and the entropy is 1.1 bits: its part and the second's exceed 0.6 of
    // it.
    expect(lawOf({ temperature: 0.5, topH: 0.6 }, logits)).toEqual([1, 0, 0, 0]);
  });

  it('min-p before typical-p, typical-p before epsilon, epsilon before eta', () => {
    // min-p leaves .5 .25 or 2/3 1/3 of an entropy of .918 bits: the first, of .585 bits, is nearer than the second of
    // 1.585.
    expect(lawOf({ minP: 0.5, typicalP: 0.1 }, logits)).toEqual([1, 0, 0, 0]);
    // Of all, the second is the most typical, and alone it has all mass: epsilon removes nothing more.
    expect(lawOf({ typicalP: 0.1, epsilonCutoff: 0.3 }, logits)).toEqual([0, 1, 0, 0]);
    // Epsilon leaves 2/3 1/3, of which eta, 0.53 or less, keeps the first; of all it would keep what is above 0.296.
    near(lawOf({ epsilonCutoff: 0.2, etaCutoff: 0.3 }, logits), [2 / 3, 1 / 3, 0, 0]);
    near(lawOf({ etaCutoff: 0.3 }, logits), [2 / 3, 1 / 3, 0, 0]);
    expect(lawOf({ epsilonCutoff: 0.2, etaCutoff: 0.41 }, logits)).toEqual([1, 0, 0, 0]);
    near(lawOf({ etaCutoff: 0.41 }, logits), [2 / 3, 1 / 3, 0, 0]);
  });
});
