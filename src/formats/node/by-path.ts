/**
 * The readers of folders for those who have a path: each is the function of the same name in `turbo-lora/formats`, and
 * takes the path of a folder of the file system as well.
 * @packageDocumentation
 */
import type { Transformer } from '../../model/weights.ts';
import type { Stored } from '../../numerics/stored.ts';
import { type AdapterFolder, loadAdapterFolder as adapterFrom } from '../adapter-folder.ts';
import { type ChatTemplate, readChatTemplate as templateFrom } from '../chat-template.ts';
import { type Checkpoint, loadCheckpoint as checkpointFrom } from '../checkpoint.ts';
import type { Folder } from '../folder/folder.ts';
import { folderAt } from '../folder/node.ts';
import { type FolderReport, inspectFolder as reportOf } from '../inspect.ts';
import { type Tokenizer, loadTokenizer as tokenizerFrom } from '../tokenizer.ts';

/**
 * Loads a checkpoint: `config.json` and its safetensors files.
 * @throws what the function of this name in `turbo-lora/formats` throws.
 * @example
 * import assert from 'node:assert/strict';
 * import { loadCheckpoint } from 'turbo-lora/formats/node';
 * const { transformer } = loadCheckpoint('fixtures/embedded/base');
 * assert.equal(transformer.config.family, 'llama');
 */
export function loadCheckpoint(folder: string | Folder): Checkpoint {
  return checkpointFrom(folderAt(folder));
}

/**
 * Loads an adapter folder and fits it to a base.
 * @throws what the function of this name in `turbo-lora/formats` throws.
 */
export function loadAdapterFolder(
  folder: string | Folder,
  base: Transformer<Stored>,
  baseName?: string,
): AdapterFolder {
  return adapterFrom(folderAt(folder), base, baseName);
}

/**
 * Loads the tokenizer of a checkpoint folder; null when there is none.
 * @throws what the function of this name in `turbo-lora/formats` throws.
 */
export function loadTokenizer(folder: string | Folder): Tokenizer | null {
  return tokenizerFrom(folderAt(folder));
}

/**
 * Looks into a folder: what it holds, and what of it is supported.
 * @throws what the function of this name in `turbo-lora/formats` throws.
 */
export function inspectFolder(folder: string | Folder): FolderReport {
  return reportOf(folderAt(folder));
}

/**
 * Reads the chat template of a folder.
 * @throws what the function of this name in `turbo-lora/formats` throws.
 */
export function readChatTemplate(folder: string | Folder): ChatTemplate {
  return templateFrom(folderAt(folder));
}
