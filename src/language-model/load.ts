import type { Adapter } from '../adapters/lora.ts';
import { mergeAdapter } from '../adapters/merge.ts';
import { ConflictError, OptionError } from '../errors.ts';
import { loadAdapterFolder } from '../formats/adapter-folder.ts';
import { loadCheckpoint } from '../formats/checkpoint.ts';
import { type Folder, isFolder } from '../formats/folder/folder.ts';
import { readEosTokens, readGenerationConfig } from '../formats/generation-config.ts';
import { loadTokenizer } from '../formats/tokenizer.ts';
import { mostTokens } from '../model/context.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Backend, Shaped } from '../ops/backend.ts';
import { NO_ADAPTER } from './adapters.ts';
import { defaultsOf, type GenerationDefaults, NO_DEFAULTS } from './defaults.ts';
import { given, inWords, isObject, type MaybeGiven, type Shape } from './given.ts';
import { LanguageModel } from './language-model.ts';

/** Options of {@link load}. An option that is null or undefined counts as not given: its default applies. */
export interface LoadOptions<Place = Folder> {
  /** Folder of a PEFT LoRA, of LoRAX heads, or of both (a Turbo LoRA). */
  readonly adapter?: Place;
  /** Folders of more adapters, under the names by which generations choose them (option `adapter`). */
  readonly adapters?: Readonly<Record<string, Place>>;
  /** Fold the LoRA into the weights, which then take float64 width. Default false. */
  readonly merge?: boolean;
  /**
   * Whether the settings of `generation_config.json` apply where options leave them out. Default true; when false, only
   * its end-of-text tokens apply.
   */
  readonly generationConfig?: boolean;
  /**
   * Longest text, prompt included, in tokens. Default is `max_position_embeddings` of config.json, a hard limit here.
   * transformers does not enforce it: a text may grow past it, where the model has seen nothing in training. At most as
   * many as the positions of a model that learns them.
   */
  readonly contextLength?: number;
  /** Where the model runs. Default: float64 on the CPU. */
  readonly backend?: Backend<Shaped, Shaped>;
}

const TRUE_OR_FALSE: Shape = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };

function isNamedFolder([name, folder]: [string, unknown]): boolean {
  return name !== '' && name !== NO_ADAPTER && isFolder(folder);
}

const SHAPES = {
  adapter: { expected: 'a folder', fits: isFolder },
  adapters: {
    expected: `an object of folders by name, none of them called ${NO_ADAPTER}`,
    fits: (folders) => isObject(folders) && Object.entries(folders).every(isNamedFolder),
  },
  merge: TRUE_OR_FALSE,
  generationConfig: TRUE_OR_FALSE,
  contextLength: { expected: 'an integer of at least 2', fits: (n) => Number.isSafeInteger(n) && (n as number) >= 2 },
  backend: { expected: 'a backend with operations', fits: (backend) => isObject(backend) && 'ops' in backend },
} satisfies Record<keyof LoadOptions, Shape>;

/**
 * Loads a Hugging Face checkpoint folder, with an adapter if one is given. In Node, `load` takes paths of folders as
 * well.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link UnsupportedError}, {@link MismatchError} or
 * {@link NonFiniteError}, each naming the file and what is wrong with it; {@link OptionError} for an option that does
 * not exist or has an impossible value; {@link ConflictError} for a merge without a LoRA.
 * @example
 * import assert from 'node:assert/strict';
 * import { readFileSync } from 'node:fs';
 * import { load, memoryFolder } from 'turbo-lora/browser';
 * const names = ['config.json', 'tokenizer.json', 'model.safetensors'];
 * // In a browser: new Uint8Array(await (await fetch(url)).arrayBuffer())
 * const files = names.map((name) => [name, readFileSync(`fixtures/embedded/base/${name}`)] as const);
 * const model = await load(memoryFolder('base', files));
 * const { text } = await model.complete('def ', { maxNewTokens: 4 });
 * assert.ok(text !== null && text.length > 0);
 */
export async function load(folder: Folder, options: MaybeGiven<LoadOptions> = {}): Promise<LanguageModel> {
  if (!isFolder(folder)) throw new OptionError('model', 'a folder', inWords(folder));
  const { adapter, adapters = {}, merge = false, ...more } = given('load option', options, SHAPES) as LoadOptions;
  if (merge && adapter === undefined) throw new ConflictError('merge', 'an adapter', 'none');
  if (merge && Object.keys(adapters).length > 0) throw new ConflictError('merge', 'no adapters to choose from', 'some');
  const { name, transformer: stored, warnings: notes } = loadCheckpoint(folder);
  const transformer = more.contextLength === undefined ? stored : withContext(stored, more.contextLength);
  const { vocabularySize } = transformer.config;
  const { unknown, ...generation } = generationOf(folder, vocabularySize, more.generationConfig ?? true);
  const tokenizer = loadTokenizer(folder);
  const own = adapter === undefined ? NOTHING : loadAdapterFolder(adapter, transformer, name);
  const named = Object.entries(adapters).map(
    ([key, place]) => [key, loadAdapterFolder(place, transformer, name)] as const,
  );
  const warnings = [...notes, ...unknown, ...own.warnings, ...named.flatMap(([, loaded]) => loaded.warnings)];
  return new LanguageModel({
    transformer: merge ? merged(transformer, own.adapter) : transformer,
    adapter: merge ? null : own.adapter,
    heads: own.heads,
    adapters: new Map(named.map(([key, { adapter: lora, heads }]) => [key, { adapter: lora, heads }])),
    merged: merge,
    ...(more.backend && { backend: more.backend }),
    tokenizer,
    ...generation,
    warnings: [...new Set(warnings)],
  });
}

const NOTHING = { adapter: null, heads: null, warnings: [] };

/** What the folder says of generation, or of end-of-text tokens alone. */
function generationOf(
  folder: Folder,
  vocabularySize: number,
  applied: boolean,
): { eosTokens: readonly number[]; generationDefaults: GenerationDefaults; unknown: readonly string[] } {
  if (!applied) {
    return { eosTokens: readEosTokens(folder, vocabularySize), generationDefaults: NO_DEFAULTS, unknown: [] };
  }
  const config = readGenerationConfig(folder, vocabularySize);
  return { eosTokens: config.eosTokens, generationDefaults: defaultsOf(config), unknown: config.warnings };
}

function withContext(transformer: Transformer<Stored>, contextLength: number): Transformer<Stored> {
  const most = mostTokens(transformer);
  if (contextLength > most) {
    throw new OptionError('context length', `at most ${most}, the positions that the model has`, `${contextLength}`);
  }
  return { ...transformer, config: { ...transformer.config, contextLength } };
}

function merged(base: Transformer<Stored>, adapter: Adapter<Stored> | null): Transformer<Stored> {
  if (adapter === null) throw new ConflictError('merge', 'an adapter with a LoRA', 'speculative heads only');
  return mergeAdapter(base, adapter);
}
