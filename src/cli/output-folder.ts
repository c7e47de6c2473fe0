import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WriteError } from '../errors.ts';
import { failureOf } from '../formats/folder/node.ts';
import { openOutput } from './output-file.ts';

/**
 * Makes the folder that an option names, with those above it, unless it is there.
 * @throws {@link WriteError} when it cannot be made.
 */
export function makeFolder(option: string, folder: string): void {
  try {
    makeWithParents(folder);
  } catch (error) {
    throw new WriteError(option, 'a folder that can be made', `${folder} (${failureOf(error)})`, { cause: error });
  }
}

/** Without Node's `recursive`, which never returns in a folder such as /proc, where nothing can be made. */
function makeWithParents(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(folder);
  if (parent !== folder) makeWithParents(parent);
  mkdirSync(folder);
}

/**
 * Writes files into the folder that an option names; each appears when it is complete.
 * @throws {@link WriteError} when a folder or file cannot be made.
 */
export function writeFiles(option: string, folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    makeFolder(option, dirname(file));
    const output = openOutput(option, file);
    output.write(bytes);
    output.finish();
  }
}
