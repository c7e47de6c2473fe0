/**
 * `generation_config.json`: which tokens end a text, and what its makers suggest for sampling.
 * @packageDocumentation
 */
import { join } from 'node:path';
import { FormatError } from '../errors.ts';
import { Fields } from './fields.ts';
import { hasFile } from './files.ts';
import { kindOf, readJson } from './json.ts';

/** Sampling settings as the model's makers suggest them. They are shown, and applied only on request. */
export interface SuggestedSampling {
  readonly doSample?: boolean;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
}

/** What a model folder says of generation. */
export interface GenerationConfig {
  /** Tokens that end a text, ascending; none if the folder names none. */
  readonly eosTokens: readonly number[];
  readonly suggested: SuggestedSampling;
  /** Other settings that the file holds; they are not applied. */
  readonly warnings: readonly string[];
}

const FILE = 'generation_config.json';

/** Keys without a say in which token comes next; -1 and the length bounds are left to the user. */
const IGNORED = new Set([
  ...['_from_model_config', 'transformers_version', 'bos_token_id', 'pad_token_id', 'eos_token_id', 'use_cache'],
  ...['max_length', 'max_new_tokens', 'cache_implementation', 'output_attentions', 'output_hidden_states'],
  ...['output_scores', 'output_logits', 'return_dict_in_generate', 'num_return_sequences'],
  ...['do_sample', 'temperature', 'top_k', 'top_p', 'min_p', 'repetition_penalty'],
]);

/**
 * Reads `generation_config.json`. The end-of-text tokens fall back to those of `config.json`; a folder without either
 * has none. Settings beyond the end-of-text tokens are reported, not applied, so unknown ones are no error.
 * @throws {@link FormatError} when a file is broken, or an end-of-text token is no integer in [0, V).
 */
export function readGenerationConfig(folder: string, vocabularySize: number): GenerationConfig {
  const path = join(folder, FILE);
  const fields = hasFile(folder, FILE) ? new Fields(path, readJson(path)) : new Fields(path, {});
  const modelPath = join(folder, 'config.json');
  const model = new Fields(modelPath, hasFile(folder, 'config.json') ? readJson(modelPath) : {});
  const eosTokens = readEos(fields, vocabularySize) ?? readEos(model, vocabularySize) ?? [];
  const warnings = Object.entries(fields.object)
    .filter(([key, value]) => value !== null && !IGNORED.has(key))
    .map(([key, value]) => `${path}: ${key} (${kindOf(value)}) is not applied`);
  return { eosTokens, suggested: readSuggested(fields), warnings };
}

function readEos(fields: Fields, vocabularySize: number): number[] | null {
  const value = fields.raw('eos_token_id') ?? null;
  if (value === null) return null;
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  for (const id of ids) {
    if (Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < vocabularySize) continue;
    throw new FormatError(fields.labelOf('eos_token_id'), `integers in [0, ${vocabularySize})`, kindOf(id));
  }
  return [...new Set(ids as number[])].sort((a, b) => a - b);
}

function readSuggested(fields: Fields): SuggestedSampling {
  const number = (key: string): number | undefined => (fields.raw(key) == null ? undefined : fields.number(key));
  const entries = {
    doSample: fields.raw('do_sample') == null ? undefined : fields.boolean('do_sample'),
    temperature: number('temperature'),
    topK: number('top_k'),
    topP: number('top_p'),
    minP: number('min_p'),
    repetitionPenalty: number('repetition_penalty'),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
