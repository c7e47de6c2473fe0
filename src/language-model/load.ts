import { mergeAdapter } from '../adapters/merge.ts';
import { OptionError } from '../errors.ts';
import { loadAdapterFolder } from '../formats/adapter-folder.ts';
import { loadCheckpoint } from '../formats/checkpoint.ts';
import { readEosTokens, readGenerationConfig } from '../formats/generation-config.ts';
import { loadTokenizer } from '../formats/tokenizer.ts';
import { defaultsOf, type GenerationDefaults, NO_DEFAULTS } from './defaults.ts';
import { LanguageModel } from './language-model.ts';

/** Options of {@link load}. */
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
}

/**
 * Loads a Hugging Face checkpoint folder, with an adapter if one is given.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link UnsupportedError}, {@link MismatchError} or {@link NonFiniteError}, each naming the file and
 * what is wrong with it; {@link OptionError} for a merge without an adapter.
 * @example
 * import assert from 'node:assert/strict';
 * import { load } from 'turbo-lora';
 * const model = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter' });
 * let text = '';
 * for await (const token of model.generate('def ', { maxNewTokens: 4 })) text += token.text;
 * assert.ok(text.length > 0);
 */
export async function load(directory: string, options: LoadOptions = {}): Promise<LanguageModel> {
  if (options.merge && options.adapter === undefined) throw new OptionError('merge', 'an adapter', 'none');
  const { name, transformer, warnings } = loadCheckpoint(directory);
  const { vocabularySize } = transformer.config;
  const { unknown, ...generation } = generationOf(directory, vocabularySize, options.generationConfig ?? true);
  const all = [...warnings, ...unknown];
  const tokenizer = loadTokenizer(directory);
  if (options.adapter === undefined) {
    return new LanguageModel({ transformer, adapter: null, heads: null, tokenizer, ...generation, warnings: all });
  }
  const loaded = loadAdapterFolder(options.adapter, transformer, name);
  const merged = options.merge && loaded.adapter !== null;
  return new LanguageModel({
    transformer: merged ? mergeAdapter(transformer, loaded.adapter!) : transformer,
    adapter: merged ? null : loaded.adapter,
    heads: loaded.heads,
    tokenizer,
    ...generation,
    warnings: [...all, ...loaded.warnings],
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
