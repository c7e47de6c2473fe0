/**
 * `generation_config.json`: which tokens end a text, and what its makers set for generation.
 *
 * As in transformers, a folder without the file has its settings in `config.json`; one with the file has them nowhere
 * else, end-of-text tokens included.
 * @source transformers 5.23.0 `generation/utils.py` (`adjust_generation_fn`), `generation/configuration_utils.py`
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../errors.ts';
import type { SamplingInput } from '../sampling/settings.ts';
import { Fields } from './fields.ts';
import { type Folder, hasFile, labelIn } from './folder/folder.ts';
import { APPLIED_KEYS, type KeyReader, WITHOUT_EFFECT } from './generation-keys.ts';
import { kindOf, readJson } from './json.ts';

/** Settings of a file, under the names of the options here. A key that is absent or null is left out. */
export interface GenerationSettings extends Omit<SamplingInput, 'logitBias'> {
  /** Whether texts are sampled; otherwise decoding is greedy, and a temperature in the file has no effect. */
  readonly doSample?: boolean;
  /** Longest text, prompt included; `maxNewTokens` replaces it if both are given. */
  readonly maxLength?: number;
  readonly stopStrings?: readonly string[];
}

/** What a model folder says about generation. */
export interface GenerationConfig {
  /** The file with the settings; null when the folder has neither file. */
  readonly source: 'generation_config.json' | 'config.json' | null;
  /** Tokens that end a text, ascending; empty if the file names none. */
  readonly eosTokens: readonly number[];
  readonly settings: GenerationSettings;
  /** Settings of the file that are not implemented: the model cannot generate text while they apply. */
  readonly refused: readonly UnsupportedError[];
  /** Keys that are set and have no effect on the text. */
  readonly ignored: readonly string[];
  /** Keys that are set and unknown, here and in transformers. */
  readonly warnings: readonly string[];
}

const FILE = 'generation_config.json';

/**
 * Reads what a model folder says about generation.
 * @throws {@link FormatError} when a file is broken, or the value of a key has the wrong kind or is out of range.
 */
export function readGenerationConfig(folder: Folder, vocabularySize: number): GenerationConfig {
  const { source, fields } = open(folder);
  const settings = readSettings(fields, vocabularySize);
  const known = new Set([...Object.keys(APPLIED_KEYS), ...Object.keys(REFUSED)]);
  // The other keys of config.json describe the model.
  const rest = source === FILE ? Object.entries(fields.object).filter(([key]) => !known.has(key)) : [];
  const set = rest.filter(([, value]) => value !== null && value !== false);
  return {
    source,
    eosTokens: settings.eosTokens ?? [],
    settings,
    refused: refusals(fields),
    ignored: [
      ...set.map(([key]) => key).filter((key) => WITHOUT_EFFECT.has(key)),
      ...(settings.doSample !== true && fields.raw('temperature') != null ? ['temperature'] : []),
    ],
    warnings: set
      .filter(([key]) => !WITHOUT_EFFECT.has(key))
      .map(([key, value]) => `${fields.labelOf(key)} (${kindOf(value)}) is unknown and not applied`),
  };
}

/**
 * Reads only the end-of-text tokens and ignores everything else that a folder says about generation.
 * @throws {@link FormatError} when a file is broken, or a token is not an integer in [0, V).
 */
export function readEosTokens(folder: Folder, vocabularySize: number): readonly number[] {
  const { fields } = open(folder);
  const read = APPLIED_KEYS.eos_token_id!.read as KeyReader<number[]>;
  return fields.raw('eos_token_id') == null ? [] : read(fields, 'eos_token_id', vocabularySize);
}

function open(folder: Folder): { source: GenerationConfig['source']; fields: Fields } {
  const source = ([FILE, 'config.json'] as const).find((name) => hasFile(folder, name)) ?? null;
  const fields = new Fields(labelIn(folder, source ?? FILE), source === null ? {} : readJson(folder, source));
  return { source, fields };
}

function readSettings(fields: Fields, vocabularySize: number): GenerationSettings {
  const settings: Record<string, unknown> = {};
  for (const [key, { option, read }] of Object.entries(APPLIED_KEYS)) {
    if (fields.raw(key) == null) continue;
    settings[option] = read(fields, key, vocabularySize);
  }
  const { doSample, temperature } = settings as GenerationSettings;
  if (doSample === true && temperature === 0) {
    throw new FormatError(fields.labelOf('temperature'), 'a number above 0 where do_sample is true', '0');
  }
  return settings;
}

/**
 * Keys that change the text in ways that are not implemented: the values of each that do not, and what the others mean.
 */
const REFUSED: Readonly<Record<string, readonly [neutral: readonly unknown[], what: string]>> = {
  num_beams: [[1], 'beam search'],
  guidance_scale: [[1], 'classifier-free guidance'],
  watermarking_config: [[], 'watermarking'],
  penalty_alpha: [[0], 'contrastive search'],
  dola_layers: [[], 'decoding by contrasting layers'],
  constraints: [[], 'constrained beam search'],
  force_words_ids: [[], 'constrained beam search'],
  token_healing: [[false], 'token healing'],
  assistant_ensemble_weight: [[], 'verification against a mixture with the draft model'],
  max_time: [[], 'a time limit'],
};

function refusals(fields: Fields): UnsupportedError[] {
  return Object.entries(REFUSED).flatMap(([key, [neutral, what]]) => {
    const value = fields.raw(key) ?? null;
    if (value === null || neutral.includes(value)) return [];
    const expected = `${neutral.length === 0 ? 'null' : neutral.join(' or ')} (${what} is not implemented)`;
    return [new UnsupportedError(fields.labelOf(key), expected, kindOf(value))];
  });
}
