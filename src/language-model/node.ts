/**
 * Loading by path, and the model that comes with the package.
 * @packageDocumentation
 */
import { fileURLToPath } from 'node:url';
import type { Folder } from '../formats/folder/folder.ts';
import { folderAt } from '../formats/folder/node.ts';
import type { Backend, Shaped } from '../ops/backend.ts';
import { type BackendName, openBackend } from './backends.ts';
import { isObject, type MaybeGiven } from './given.ts';
import type { LanguageModel } from './language-model.ts';
import { type LoadOptions as FolderOptions, load as loadFolder } from './load.ts';

/** Options of {@link load}: folders are given as such or by their paths, a backend as such or by its name. */
export interface LoadOptions extends Omit<FolderOptions<string | Folder>, 'backend'> {
  /**
   * Where the model runs: `cpu` in float64 (default); `gpu:webasm` or `gpu:headlessgl` in float32 on gpu.js, which has
   * to be installed; or a backend that has been opened.
   */
  readonly backend?: BackendName | Backend<Shaped, Shaped>;
}

/**
 * Loads a Hugging Face checkpoint folder, with an adapter if one is given. Folders of the file system are given by
 * their paths.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link UnsupportedError}, {@link MismatchError} or
 * {@link NonFiniteError}, each naming the file and what is wrong with it; {@link OptionError} for an option that does
 * not exist or has an impossible value; {@link ConflictError} for a merge without a LoRA; for a backend by name what
 * {@link openBackend} throws.
 * @example
 * import assert from 'node:assert/strict';
 * import { load } from 'turbo-lora';
 * const model = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter' });
 * let text = '';
 * for await (const token of model.generate('def ', { maxNewTokens: 4 })) text += token.text;
 * assert.ok(text.length > 0);
 */
export async function load(folder: string | Folder, options: MaybeGiven<LoadOptions> = {}): Promise<LanguageModel> {
  return loadFolder(opened(folder) as Folder, (await withBackend(withFolders(options))) as MaybeGiven<FolderOptions>);
}

/** A path becomes a folder; anything else, the empty text included, is left for later checks to refuse. */
function opened(place: unknown): unknown {
  return typeof place === 'string' && place !== '' ? folderAt(place) : place;
}

/** The name of a backend becomes the backend. */
async function withBackend(options: unknown): Promise<unknown> {
  if (!isObject(options) || !('backend' in options) || typeof options.backend !== 'string') return options;
  return { ...options, backend: await openBackend(options.backend as BackendName) };
}

function withFolders(options: MaybeGiven<LoadOptions>): unknown {
  if (!isObject(options) || Array.isArray(options)) return options;
  const { adapter, adapters } = options;
  const named = isObject(adapters)
    ? Object.fromEntries(Object.entries(adapters).map(([name, place]) => [name, opened(place)]))
    : adapters;
  return { ...options, adapter: opened(adapter), adapters: named };
}

/**
 * Path of a part of the embedded model, which comes with the package: its checkpoint, its Turbo LoRA adapter, or
 * prompts that it was not trained on (JSON lines).
 * @example
 * import assert from 'node:assert/strict';
 * import { embeddedFolder, inspectFolder } from 'turbo-lora';
 * assert.equal(inspectFolder(embeddedFolder('adapter')).heads?.config?.heads, 4);
 */
export function embeddedFolder(part: 'base' | 'adapter' | 'prompts.jsonl'): string {
  // Sources and built files lie equally deep below the package's root.
  return fileURLToPath(new URL(`../../fixtures/embedded/${part}`, import.meta.url));
}

/**
 * Loads the embedded model: about a million parameters of the Llama architecture with a Turbo LoRA adapter, trained to
 * pull named entities out of sentences and to complete short functions. It needs no download and loads in a fraction of
 * a second.
 * @throws what {@link load} throws, if the package is damaged.
 * @example
 * import assert from 'node:assert/strict';
 * import { embeddedModel } from 'turbo-lora';
 * const model = await embeddedModel();
 * const { text, tokensPerForward } = await model.complete('def total_price(items):\n', { maxNewTokens: 24 });
 * assert.equal(text, '  return sum(item["price"] for item in items)\n');
 * assert.ok(tokensPerForward > 2);
 */
export function embeddedModel(): Promise<LanguageModel> {
  return load(embeddedFolder('base'), { adapter: embeddedFolder('adapter') });
}
