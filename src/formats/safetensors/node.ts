/**
 * Safetensors files of the file system.
 * @packageDocumentation
 */
import type { Stored } from '../../numerics/stored.ts';
import { OutputFile } from '../folder/node/output-file.ts';
import { openFile } from '../folder/node.ts';
import { SafetensorsFile } from './reader.ts';
import { safetensorsPieces } from './writer.ts';

/**
 * Opens a safetensors file and reads its header.
 * @throws {@link MissingFileError} when the file does not exist; and as {@link SafetensorsFile} does.
 * @example
 * import assert from 'node:assert/strict';
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openSafetensors, writeSafetensors } from 'turbo-lora/formats/node';
 * import { stored } from 'turbo-lora/numerics';
 * const path = join(mkdtempSync(join(tmpdir(), 'safetensors-')), 'a.safetensors');
 * writeSafetensors(path, new Map([['a', stored('a', 'F32', Float32Array.of(1, 2), [2])]]));
 * const file = openSafetensors(path);
 * assert.deepEqual([...file.read('a').data], [1, 2]);
 * file.close();
 */
export function openSafetensors(path: string): SafetensorsFile {
  return new SafetensorsFile(openFile(path));
}

/**
 * Writes tensors to a file, see {@link safetensorsPieces}. The file appears under its name only when it is complete.
 * @throws {@link WriteError} when it cannot be written; {@link UnsupportedError} on a big-endian machine.
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Stored>,
  metadata: ReadonlyMap<string, string> = new Map(),
): void {
  const pieces = safetensorsPieces(path, tensors, metadata);
  const file = OutputFile.open('safetensors', path);
  try {
    for (const piece of pieces) file.write(piece);
    file.finish();
  } finally {
    file.discard();
  }
}
