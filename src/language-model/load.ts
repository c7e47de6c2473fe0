import { mergeAdapter } from '../adapters/merge.ts';
import { ConflictError, OptionError } from '../errors.ts';
import { type AdapterFolder, loadAdapterFolder } from '../formats/adapter-folder.ts';
import { loadCheckpoint } from '../formats/checkpoint.ts';
import { readEosTokens, readGenerationConfig } from '../formats/generation-config.ts';
import { loadTokenizer } from '../formats/tokenizer.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import { defaultsOf, type GenerationDefaults, NO_DEFAULTS } from './defaults.ts';
import { given, inWords, type MaybeGiven, type Shape } from './given.ts';
import { LanguageModel } from './language-model.ts';

/** Options of {@link load}. One that is null or undefined is not given: its default holds. */
export interface LoadOptions {
  /** Folder of a PEFT LoRA, of LoRAX heads, or of both (a Turbo LoRA). */
  readonly adapter?: string;
  /** Fold the LoRA into the weights, which then take float64 width. Default false. */
  readonly merge?: boolean;
  /**
   * Whether the settings of `generation_config.json` hold where options leave them out. Default true; when false, only its
   * end-of-text tokens do.
   */
  readonly generationConfig?: boolean;
  /**
   * Longest text, prompt included, in tokens. Default is `max_position_embeddings` of config.json, a hard limit here. For
   * transformers it is none: a text may grow past it, where the model has seen nothing in training.
   */
  readonly contextLength?: number;
}

const TRUE_OR_FALSE: Shape = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };

const SHAPES = {
  adapter: { expected: 'the path of a folder', fits: (path) => typeof path === 'string' && path !== '' },
  merge: TRUE_OR_FALSE,
  generationConfig: TRUE_OR_FALSE,
  contextLength: { expected: 'an integer of at least 2', fits: (n) => Number.isSafeInteger(n) && (n as number) >= 2 },
} satisfies Record<keyof LoadOptions, Shape>;

/**
 * Loads a Hugging Face checkpoint folder, with an adapter if one is given.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link UnsupportedError}, {@link MismatchError} or {@link NonFiniteError}, each naming the file and
 * what is wrong with it; {@link OptionError} for an option that does not exist or has an impossible value;
 * {@link ConflictError} for a merge without a LoRA.
 * @example
 * import assert from 'node:assert/strict';
 * import { load } from 'turbo-lora';
 * const model = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter' });
 * let text = '';
 * for await (const token of model.generate('def ', { maxNewTokens: 4 })) text += token.text;
 * assert.ok(text.length > 0);
 */
export async function load(directory: string, options: MaybeGiven<LoadOptions> = {}): Promise<LanguageModel> {
  if (typeof directory !== 'string' || directory === '') {
    throw new OptionError('model', 'the path of a folder', inWords(directory));
  }
  const {
    adapter,
    merge = false,
    contextLength,
    generationConfig,
  } = given('load option', options, SHAPES) as LoadOptions;
  if (merge && adapter === undefined) throw new ConflictError('merge', 'an adapter', 'none');
  const { name, transformer: stored, warnings } = loadCheckpoint(directory);
  const transformer = contextLength === undefined ? stored : withContext(stored, contextLength);
  const { unknown, ...generation } = generationOf(
    directory,
    transformer.config.vocabularySize,
    generationConfig ?? true,
  );
  const tokenizer = loadTokenizer(directory);
  const parts = {
    transformer,
    tokenizer,
    ...generation,
    adapter: null,
    heads: null,
    warnings: [...warnings, ...unknown],
  };
  if (adapter === undefined) return new LanguageModel(parts);
  const loaded = loadAdapterFolder(adapter, transformer, name);
  return new LanguageModel({
    ...parts,
    ...(merge ? merged(transformer, loaded) : { adapter: loaded.adapter }),
    heads: loaded.heads,
    warnings: [...parts.warnings, ...loaded.warnings],
  });
}

/** What the folder says of generation, or of end-of-text tokens alone. */
function generationOf(
  directory: string,
  vocabularySize: number,
  applied: boolean,
): { eosTokens: readonly number[]; generationDefaults: GenerationDefaults; unknown: readonly string[] } {
  if (!applied) {
    return { eosTokens: readEosTokens(directory, vocabularySize), generationDefaults: NO_DEFAULTS, unknown: [] };
  }
  const config = readGenerationConfig(directory, vocabularySize);
  return { eosTokens: config.eosTokens, generationDefaults: defaultsOf(config), unknown: config.warnings };
}

function withContext(transformer: Transformer<Stored>, contextLength: number): Transformer<Stored> {
  return { ...transformer, config: { ...transformer.config, contextLength } };
}

function merged(base: Transformer<Stored>, { adapter }: AdapterFolder): { transformer: Transformer<Stored> } {
  if (adapter === null) throw new ConflictError('merge', 'an adapter with a LoRA', 'speculative heads only');
  return { transformer: mergeAdapter(base, adapter) };
}
