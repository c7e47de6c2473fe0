/**
 * The keys of `generation_config.json`: which are applied, as which option and how they are read, and which have no
 * effect on a text.
 * @source transformers 5.23.0 `generation/configuration_utils.py` (`GenerationConfig`)
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
import { NUMBER_RANGES, type NumberSettings } from '../sampling/number-settings.ts';
import type { SequenceBias } from '../sampling/token-settings.ts';
import type { Fields } from './fields.ts';
import { kindOf } from './json.ts';

/** Reads the value of a key that is present and not null. */
export type KeyReader<T> = (fields: Fields, key: string, vocabularySize: number) => T;

/** How a key is handled. */
export interface AppliedKey {
  /** The option that it sets. */
  readonly option: string;
  /** @throws {@link FormatError} for a value of the wrong kind or outside its range. */
  readonly read: KeyReader<unknown>;
}

const flag: KeyReader<boolean> = (fields, key) => fields.boolean(key);

const number = (option: keyof NumberSettings): AppliedKey => {
  const { expected, fits } = NUMBER_RANGES[option];
  const read: KeyReader<number> = (fields, key) => {
    const value = fields.raw(key);
    if (typeof value !== 'number' || !fits(value)) throw new FormatError(fields.labelOf(key), expected, kindOf(value));
    return value;
  };
  return { option, read };
};

function idsOf(label: string, value: unknown, vocabularySize: number): number[] {
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  for (const id of ids) {
    if (Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < vocabularySize) continue;
    throw new FormatError(label, `integers in [0, ${vocabularySize})`, kindOf(id));
  }
  return ids as number[];
}

/** One token or a list of tokens; ascending, without duplicates. */
const tokens: KeyReader<number[]> = (fields, key, vocabularySize) =>
  [...new Set(idsOf(fields.labelOf(key), fields.raw(key), vocabularySize))].sort((a, b) => a - b);

function sequenceOf(label: string, value: unknown, vocabularySize: number): number[] {
  if (!Array.isArray(value) || value.length === 0) throw new FormatError(label, 'lists of token ids', kindOf(value));
  return idsOf(label, value, vocabularySize);
}

function listOf(fields: Fields, key: string): unknown[] {
  const value = fields.raw(key);
  if (!Array.isArray(value)) throw new FormatError(fields.labelOf(key), 'a list', kindOf(value));
  return value;
}

const sequences: KeyReader<number[][]> = (fields, key, vocabularySize) =>
  listOf(fields, key).map((value) => sequenceOf(fields.labelOf(key), value, vocabularySize));

const biases: KeyReader<SequenceBias[]> = (fields, key, vocabularySize) =>
  listOf(fields, key).map((entry) => {
    const label = fields.labelOf(key);
    const [sequence, bias] = Array.isArray(entry) && entry.length === 2 ? entry : [];
    if (typeof bias !== 'number') throw new FormatError(label, 'pairs of token ids and a number', kindOf(entry));
    return [sequenceOf(label, sequence, vocabularySize), bias];
  });

const decay: KeyReader<[number, number]> = (fields, key) => {
  const value = fields.raw(key);
  const [start, factor] = Array.isArray(value) && value.length === 2 ? value : [];
  if (Number.isSafeInteger(start) && start >= 0 && typeof factor === 'number' && factor > 0) return [start, factor];
  throw new FormatError(fields.labelOf(key), 'an integer of at least 0 and a number above 0', kindOf(value));
};

const texts: KeyReader<string[]> = (fields, key) => {
  const value = fields.raw(key);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const wrong = list.find((text) => typeof text !== 'string' || text === '');
  if (wrong !== undefined) throw new FormatError(fields.labelOf(key), 'non-empty strings', kindOf(wrong));
  return list as string[];
};

/** Keys that are applied. */
export const APPLIED_KEYS: Readonly<Record<string, AppliedKey>> = {
  do_sample: { option: 'doSample', read: flag },
  temperature: number('temperature'),
  top_h: number('topH'),
  top_k: number('topK'),
  top_p: number('topP'),
  min_p: number('minP'),
  typical_p: number('typicalP'),
  epsilon_cutoff: number('epsilonCutoff'),
  eta_cutoff: number('etaCutoff'),
  sequence_bias: { option: 'sequenceBias', read: biases },
  encoder_repetition_penalty: number('encoderRepetitionPenalty'),
  repetition_penalty: number('repetitionPenalty'),
  no_repeat_ngram_size: number('noRepeatNgramSize'),
  encoder_no_repeat_ngram_size: number('encoderNoRepeatNgramSize'),
  bad_words_ids: { option: 'badWords', read: sequences },
  suppress_tokens: { option: 'bannedTokens', read: tokens },
  begin_suppress_tokens: { option: 'beginSuppressTokens', read: tokens },
  forced_bos_token_id: { option: 'forcedBosTokens', read: tokens },
  forced_eos_token_id: { option: 'forcedEosTokens', read: tokens },
  remove_invalid_values: { option: 'removeInvalidValues', read: flag },
  exponential_decay_length_penalty: { option: 'exponentialDecayLengthPenalty', read: decay },
  min_length: number('minLength'),
  min_new_tokens: number('minNewTokens'),
  max_length: { option: 'maxLength', read: (fields, key) => fields.integer(key, undefined, { least: 1 }) },
  max_new_tokens: number('maxNewTokens'),
  stop_strings: { option: 'stopStrings', read: texts },
  eos_token_id: { option: 'eosTokens', read: tokens },
};

/** Keys that transformers knows and that do not change a text, or only together with others that are refused. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...['_from_model_config', 'transformers_version', '_commit_hash', '_original_object_hash'],
  ...['bos_token_id', 'pad_token_id', 'decoder_start_token_id', 'renormalize_logits'],
  ...['early_stopping', 'length_penalty', 'num_beam_groups', 'diversity_penalty', 'num_return_sequences'],
  ...['use_cache', 'cache_implementation', 'cache_config', 'max_cache_len', 'return_legacy_cache', 'low_memory'],
  ...['output_attentions', 'output_hidden_states', 'output_scores', 'output_logits', 'return_dict_in_generate'],
  ...['prefill_chunk_size', 'compile_config', 'disable_compile', 'continuous_batching_config'],
  // Speculation in transformers, which preserves the distribution.
  ...['is_assistant', 'num_assistant_tokens', 'num_assistant_tokens_schedule', 'assistant_confidence_threshold'],
  ...['prompt_lookup_num_tokens', 'max_matching_ngram_size', 'assistant_early_exit', 'assistant_lookbehind'],
  ...['target_lookbehind', 'use_mtp', 'speculation_type'],
]);
