/**
 * Files of a folder of fixtures.
 * @packageDocumentation
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { FormatError, MissingFileError } from '../errors.ts';
import { failureOf } from '../formats/folder/node.ts';
import { sha256 } from '../oracle/manifest.ts';
import type { PackedFolder } from '../oracle/pack/regression-pack.ts';

/**
 * Every file below a folder, by path with forward slashes.
 * @throws {@link MissingFileError} when there is no such folder, or a file cannot be read.
 */
export function filesBelow(option: string, folder: string): Map<string, Uint8Array<ArrayBuffer>> {
  try {
    return new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file): [string, string] => [relative(folder, file).replaceAll(sep, '/'), file])
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, file]) => [path, new Uint8Array(readFileSync(file))]),
    );
  } catch (error) {
    throw new MissingFileError(option, 'a folder that can be read', `${folder} (${failureOf(error)})`);
  }
}

/** Every file of a folder of fixtures but its list and the generators of a source tree. */
export function fixturesIn(folder: string): Map<string, Uint8Array<ArrayBuffer>> {
  const files = filesBelow('--fixtures', folder);
  for (const path of files.keys()) {
    if (path === 'manifest.json' || path.startsWith('generators/')) files.delete(path);
  }
  return files;
}

/**
 * A JSON file that a folder must have.
 * @throws {@link MissingFileError} when it cannot be read; {@link FormatError} when it is not JSON.
 */
export function jsonIn(option: string, folder: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new FormatError(name, 'JSON', error.message, { cause: error });
    throw new MissingFileError(option, `a folder with ${name}`, `${folder} (${failureOf(error)})`);
  }
}

/** A folder with the hashes of its files. */
export async function packedFolder(option: string, folder: string): Promise<PackedFolder> {
  const files: PackedFolder['files'][number][] = [];
  for (const [path, bytes] of filesBelow(option, folder)) {
    files.push({ path, bytes: bytes.length, sha256: await sha256(bytes) });
  }
  return { folder, files };
}
