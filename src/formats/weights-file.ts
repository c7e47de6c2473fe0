/**
 * Opening the safetensors file of a folder, and refusing the pickle files that folders may hold instead.
 * @packageDocumentation
 */
import { join } from 'node:path';
import { MissingFileError, UnsupportedError } from '../errors.ts';
import { listFolder } from './files.ts';
import { SafetensorsFile } from './safetensors/reader.ts';

/**
 * Opens the weights of a folder.
 * @throws {@link UnsupportedError} when there is only a pickle file; {@link MissingFileError} when there is none; and
 * as {@link SafetensorsFile} does.
 */
export function openWeightsFile(folder: string, name: string): SafetensorsFile {
  const names = listFolder(folder);
  if (!names.includes(name)) {
    refusePickle(folder, names, name);
    throw new MissingFileError(join(folder, name), 'a file', 'none');
  }
  return new SafetensorsFile(join(folder, name));
}

/**
 * Refuses a folder that holds its weights as pickle only: reading one runs the code in it.
 * @throws {@link UnsupportedError} naming the file.
 */
export function refusePickle(folder: string, names: readonly string[], wanted: string): void {
  const pickle = names.find((name) => /\.(bin|pt|pth|pkl|ckpt)(\.index\.json)?$/.test(name));
  if (pickle === undefined) return;
  throw new UnsupportedError(join(folder, pickle), `${wanted} instead of a pickle file, which could run code`, pickle);
}
