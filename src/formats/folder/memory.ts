import { FormatError, MissingFileError } from '../../errors.ts';
import { checkPlainName, type Folder, labelIn, type OpenFile } from './folder.ts';

/**
 * A folder in memory: what a browser has fetched, or a user has dropped on a page. The arrays are not copied, and must
 * stay as they are while something reads from the folder.
 * @param name what error messages and the model are called.
 * @param files bytes by name; an array of pairs, or a `Map`.
 * @throws {@link MissingFileError} by its `open`, for a name that it does not have; {@link FormatError} by the same,
 * for a name from another file that is not a plain one; and as {@link openBytes} does.
 * @example
 * import assert from 'node:assert/strict';
 * import { readFileSync } from 'node:fs';
 * import { load, memoryFolder } from 'turbo-lora/browser';
 * const files = ['config.json', 'generation_config.json', 'tokenizer.json', 'model.safetensors'];
 * // In a browser: new Uint8Array(await (await fetch(url)).arrayBuffer())
 * const bytes = files.map((file) => [file, readFileSync(`fixtures/embedded/base/${file}`)] as const);
 * const model = await load(memoryFolder('base', bytes));
 * assert.equal(model.transformer.config.family, 'llama');
 */
export function memoryFolder(name: string, files: Iterable<readonly [name: string, bytes: Uint8Array]>): Folder {
  const held = new Map(files);
  const folder: Folder = {
    label: name,
    name,
    list: () => [...held.keys()].sort(),
    open(file, namedBy) {
      if (namedBy !== undefined) checkPlainName(namedBy, file);
      const bytes = held.get(file);
      const expected = namedBy === undefined ? 'a file' : `a file, because ${namedBy} names it`;
      if (bytes === undefined) throw new MissingFileError(labelIn(folder, file), expected, 'none');
      return openBytes(labelIn(folder, file), bytes);
    },
  };
  return folder;
}

/**
 * Bytes as an open file.
 * @throws {@link FormatError} when more is read than there is; {@link MissingFileError} when it is closed.
 */
export function openBytes(label: string, bytes: Uint8Array): OpenFile {
  let isOpen = true;
  return {
    label,
    size: bytes.length,
    readInto(from, target) {
      if (!isOpen) throw new MissingFileError(label, 'an open file', 'a closed one');
      const to = from + target.length;
      if (to > bytes.length) throw new FormatError(label, `${to} bytes`, `${bytes.length}`);
      target.set(bytes.subarray(from, to));
    },
    close() {
      isOpen = false;
    },
  };
}
