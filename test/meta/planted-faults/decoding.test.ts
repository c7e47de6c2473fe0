/**
 * Faults of real engines in the decoding loop: stopping, processors, seeds, rollback. Each is planted into a second
 * implementation of the loop; the equal-to-plain check (tokens, stop reason, cache after every step) must catch it.
 */
import { describe, expect, it } from 'vitest';
import { sampled } from '../../../src/chance/sampled.ts';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import { createSampler } from '../../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';
import type { Speculation } from '../../support/decoding.ts';
import { type LoopPieces, loopWith } from '../../support/faulty-decoding.ts';
import { drafting, firstDifference, plantedScenes } from '../../support/planted-scenes.ts';
import { smallConfig } from '../../support/random-model.ts';

const V = smallConfig.vocabularySize;
const scenes = plantedScenes();
const differenceWith = (fault: Partial<LoopPieces>, subjects = scenes) =>
  firstDifference(subjects, { loop: loopWith(fault) });

describe('controls: the check does not flag', () => {
  it('the production loop on chains and trees', () => {
    expect(firstDifference(scenes, {})).toBe(null);
    expect(firstDifference(scenes, {}, drafting('tree'))).toBe(null);
  });

  it('the second implementation without a fault', () => {
    expect(differenceWith({})).toBe(null);
    expect(firstDifference(scenes, { loop: loopWith({}) }, drafting('tree'))).toBe(null);
  });

  it('vLLM#7627, said to be numerics: rows computed together are not a fault here: they have the same bits', () => {
    const whole = plantedScenes({ stop: { maxNewTokens: 15 } });
    expect(firstDifference(whole, {}, drafting('chain', 0))).toBe(null);
  });
});

describe('stopping: the equal-to-plain check catches', () => {
  const onlyAtTheEnd: Partial<LoopPieces> = { asksStop: (i, length) => i === length - 1 };

  it('transformers#47912: an EOS accepted inside a block does not stop', () => {
    const eos = plantedScenes({ stop: { maxNewTokens: 12, eosTokens: [2, 5] } });
    expect(differenceWith(onlyAtTheEnd, eos)).toMatch(/^token \d+: \d+, not the end$/);
  });

  it('vLLM#47616: tokens are kept past a stop string that is complete inside a block', () => {
    const strings = plantedScenes({ stop: { maxNewTokens: 12, stopStrings: ['ca', 'bc'] } });
    expect(differenceWith(onlyAtTheEnd, strings)).toMatch(/^token \d+: \d+, not the end$/);
  });

  it('ipex-llm#9963: EOS never stops', () => {
    const deaf: Partial<Speculation> = {
      change: (decoding) => ({
        ...decoding,
        stop: {
          room: decoding.stop.room,
          after: (tokens) => (decoding.stop.room(tokens.length) > 0 ? null : 'max new tokens'),
        },
      }),
    };
    expect(firstDifference(scenes, deaf)).toMatch(/not the end$/);
  });

  it('lucidrains/speculative-decoding#3: rejected tokens stay in the output', () => {
    const fault = {
      block: (accepted: readonly number[], rejected: readonly number[], token: number) => [
        ...accepted,
        ...rejected,
        token,
      ],
    };
    expect(differenceWith(fault)).toMatch(/^token/);
  });
});

describe('processors and seeds: the equal-to-plain check catches', () => {
  const samplingWith = (input: SamplingInput): Partial<Speculation> => ({
    change: (decoding) => {
      const settings = checkSettings({ ...decoding.sampler.settings, ...input }, V);
      return { ...decoding, sampler: createSampler(settings, V) };
    },
  });
  const penalised = plantedScenes({ sampling: { temperature: 1, frequencyPenalty: 3 }, stop: { maxNewTokens: 14 } });

  it('LoRAX, SGLang#28180: penalties do not count the drafted tokens before a row', () => {
    expect(differenceWith({ seen: (tokens) => tokens }, penalised)).toMatch(/^token/);
  });

  it('vmlx-swift#357: accepted tokens are counted twice', () => {
    const twice = { seen: (tokens: readonly number[], branch: readonly number[]) => [...tokens, ...branch, ...branch] };
    expect(differenceWith(twice, penalised)).toMatch(/^token/);
  });

  it('vLLM#18902, TensorRT-LLM#17701: the frequency penalty is inert under speculation', () => {
    expect(firstDifference(penalised, samplingWith({ frequencyPenalty: 0 }))).toMatch(/^token/);
  });

  it('vLLM#26317: the minimum length is skipped under speculation', () => {
    const minimum = plantedScenes({
      sampling: { minNewTokens: 6 },
      stop: { maxNewTokens: 9, eosTokens: [0, 1, 2, 3] },
    });
    expect(firstDifference(minimum, samplingWith({ minNewTokens: 0 }))).toMatch(/^token/);
  });

  it('vLLM#41768: the minimum length holds one row too long', () => {
    const minimum = plantedScenes({
      sampling: { minNewTokens: 3 },
      stop: { maxNewTokens: 9, eosTokens: [0, 1, 2, 3] },
    });
    expect(firstDifference(minimum, samplingWith({ minNewTokens: 4 }))).toMatch(/^token/);
  });

  it('vLLM#10198: the target is scored with default sampling settings', () => {
    const filtered = plantedScenes({ sampling: { temperature: 1, topK: 2 } });
    expect(firstDifference(filtered, samplingWith({ topK: 0 }))).toMatch(/^token/);
  });

  it('vLLM#6038: the seed of the request is ignored', () => {
    const other: Partial<Speculation> = { change: (decoding) => ({ ...decoding, chance: sampled(seededTape(99)) }) };
    expect(firstDifference(scenes, other)).toMatch(/^token/);
    // A seed without effect at temperature 0 is not a fault.
    expect(firstDifference(plantedScenes({ sampling: { temperature: 0 } }), other)).toBe(null);
  });
});

describe('rollback: the equal-to-plain check catches', () => {
  it('mlx-lm#1109: the rollback does nothing, rejected slots stay', () => {
    expect(differenceWith({ rollBack: () => undefined })).toMatch(/^cache after step \d+: \d+ rows, not \d+$/);
  });

  it('one slot too many is kept: the first rejected token', () => {
    const stale: Partial<LoopPieces> = {
      rollBack: ({ cache }, committed, accepted) => cache.keep(Math.min(cache.length, committed + accepted.length + 1)),
    };
    expect(differenceWith(stale)).toMatch(/^cache after step/);
  });

  it('the last accepted token is trimmed too', () => {
    const short: Partial<LoopPieces> = {
      rollBack: ({ cache }, committed, accepted) => cache.keep(committed + Math.max(0, accepted.length - 1)),
    };
    expect(differenceWith(short)).toMatch(/^cache after step/);
  });

  it('aprender#2014: the cache is reset instead of rolled back', () => {
    expect(differenceWith({ rollBack: ({ cache }) => cache.keep(0) })).toMatch(/^cache after step 0: 0 rows/);
  });

  it('the slots of a tree are kept in the order of the draft, not of the accepted branch', () => {
    const inOrder: Partial<LoopPieces> = {
      rollBack: ({ cache }, committed, accepted) => cache.keep(committed + accepted.length),
    };
    expect(firstDifference(scenes, { loop: loopWith(inOrder) }, drafting('tree'))).toMatch(/^cache after step/);
    // On chains it is right: the reveal needs a tree.
    expect(differenceWith(inOrder)).toBe(null);
  });
});
