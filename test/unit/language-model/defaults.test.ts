import { describe, expect, it } from 'vitest';
import { ContextLimitError, UnsupportedError } from '../../../src/errors.ts';
import type { GenerationConfig } from '../../../src/formats/generation-config.ts';
import {
  type DefaultedOptions,
  defaultsOf,
  describeDefaults,
  NO_DEFAULTS,
  withDefaults,
} from '../../../src/language-model/defaults.ts';

const FILE = 'generation_config.json';
const CLASS = 'class default of transformers';
const PROMPT = 3;

function defaults(settings: GenerationConfig['settings'], refused: UnsupportedError[] = []) {
  const { eosTokens = [] } = settings;
  return defaultsOf({ source: FILE, eosTokens, settings, refused, ignored: [], warnings: [] });
}

function merged(settings: GenerationConfig['settings'], options: DefaultedOptions = {}) {
  return withDefaults(defaults(settings), options, PROMPT);
}

describe('defaults of a folder', () => {
  it('a folder without a file sets none; 128 tokens are generated', () => {
    const none = { source: null, eosTokens: [], settings: {}, refused: [], ignored: [], warnings: [] } as const;
    expect(defaultsOf(none)).toBe(NO_DEFAULTS);
    expect(withDefaults(NO_DEFAULTS, { topK: 3 }, PROMPT)).toEqual({ topK: 3, maxNewTokens: 128 });
  });

  it('each has its name here, its key, its value and its source', () => {
    expect(defaults({ doSample: true, topP: 0.9, eosTokens: [1] }).applied).toEqual([
      { option: 'temperature', key: 'temperature', value: 1, source: CLASS },
      { option: 'topK', key: 'top_k', value: 50, source: CLASS },
      { option: 'topP', key: 'top_p', value: 0.9, source: FILE },
      { option: 'eosTokens', key: 'eos_token_id', value: [1], source: FILE },
    ]);
    expect(defaults({ doSample: true, temperature: 0.5, topK: 0 }).applied).toEqual([
      { option: 'temperature', key: 'temperature', value: 0.5, source: FILE },
      { option: 'topK', key: 'top_k', value: 0, source: FILE },
    ]);
  });

  it('without do_sample no temperature and no top-k of the class; what shapes a law waits for a caller who samples', () => {
    for (const doSample of [false, undefined]) {
      const settings = { ...(doSample === false && { doSample }), temperature: 0.6, topP: 0.9 };
      expect(merged(settings)).toEqual({ topP: 0.9, maxNewTokens: 128 });
      expect(merged(settings, { temperature: 1 })).toEqual({ temperature: 1, topP: 0.9, maxNewTokens: 128 });
    }
  });

  it('options override them one by one; undefined does not', () => {
    const settings = { doSample: true, temperature: 0.6, topK: 20, bannedTokens: [4], eosTokens: [1] };
    const options = { temperature: 0, bannedTokens: [], eosTokens: [] };
    expect(merged(settings, options)).toEqual({ ...options, topK: 20, maxNewTokens: 128 });
    const absent = { topK: undefined } as unknown as DefaultedOptions;
    expect(merged(settings, absent).topK).toBe(20);
  });

  it('what is refused stops every generation, and says how to ignore the file', () => {
    const error = new UnsupportedError('num_beams', '1', '4');
    const ask = () => withDefaults(defaults({ topK: 1 }, [error]), {}, PROMPT);
    expect(ask).toThrow(UnsupportedError);
    expect(ask).toThrow(
      /^num_beams: expected 1, or the file .*generationConfig: false \(--no-generation-config\), got 4$/,
    );
  });
});

describe('lengths', () => {
  it('max_length counts the prompt, max_new_tokens is before it, an option before both', () => {
    expect(merged({ maxLength: 10 })).toEqual({ maxNewTokens: 7 });
    expect(merged({ maxLength: 10, maxNewTokens: 5 })).toEqual({ maxNewTokens: 5 });
    expect(merged({ maxLength: 10 }, { maxNewTokens: 20 })).toEqual({ maxNewTokens: 20 });
    expect(merged({ maxNewTokens: 5 }, { maxNewTokens: 20 })).toEqual({ maxNewTokens: 20 });
  });

  it('a prompt that fills max_length leaves no room, unless an option makes it', () => {
    expect(merged({ maxLength: PROMPT + 1 }).maxNewTokens).toBe(1);
    for (const maxLength of [1, PROMPT]) {
      expect(() => merged({ maxLength })).toThrow(ContextLimitError);
      expect(() => merged({ maxLength })).toThrow(
        `prompt: expected fewer than ${maxLength} tokens (the model folder's max_length; maxNewTokens overrides it), got 3`,
      );
      expect(merged({ maxLength }, { maxNewTokens: 1 }).maxNewTokens).toBe(1);
    }
  });

  it('an option for the least length displaces either key of the file', () => {
    expect(merged({ minNewTokens: 5 }, { minLength: 4 })).toEqual({ minLength: 4, maxNewTokens: 128 });
    expect(merged({ minLength: 5 }, { minNewTokens: 4 })).toEqual({ minNewTokens: 4, maxNewTokens: 128 });
  });
});

describe('what is said of them', () => {
  const told = (settings: GenerationConfig['settings'], options: DefaultedOptions = {}) =>
    describeDefaults(defaults(settings), options);

  it('one line per source', () => {
    expect(told({ doSample: true, temperature: 0.6, topP: 0.9, badWords: [[1, 2]] })).toEqual([
      `by default (${FILE}): temperature 0.6, top_p 0.9, bad_words_ids [[1,2]]`,
      `by default (${CLASS}): top_k 50`,
    ]);
  });

  it('not end-of-text tokens, values that are off, or what an option overrides', () => {
    expect(
      told({ eosTokens: [1], repetitionPenalty: 1, topP: 1, bannedTokens: [], removeInvalidValues: false }),
    ).toEqual([]);
    expect(told({ exponentialDecayLengthPenalty: [3, 1] })).toEqual([]);
    expect(told({ exponentialDecayLengthPenalty: [1, 2] })).toEqual([
      `by default (${FILE}): exponential_decay_length_penalty [1,2]`,
    ]);
    expect(told({ repetitionPenalty: 1.1 }, { repetitionPenalty: 1 })).toEqual([]);
    expect(told({ maxLength: 9 }, { maxNewTokens: 1 })).toEqual([]);
    expect(told({ maxLength: 9, maxNewTokens: 4 })).toEqual([`by default (${FILE}): max_new_tokens 4`]);
    expect(told({ maxLength: 9 })).toEqual([`by default (${FILE}): max_length 9`]);
  });

  it('not what shapes a law while texts are greedy', () => {
    const shaping = { topH: 0.5, topK: 1, topP: 0.5, minP: 0.5, typicalP: 0.5, epsilonCutoff: 0.5, etaCutoff: 0.5 };
    expect(told({ ...shaping, repetitionPenalty: 2 })).toEqual([`by default (${FILE}): repetition_penalty 2`]);
    expect(told({ doSample: true, ...shaping }, { temperature: 0 })).toEqual([]);
    expect(told({ topK: 5 }, { temperature: 1 })).toEqual([`by default (${FILE}): top_k 5`]);
  });
});
