/**
 * Opening the safetensors file of a folder, and refusing the pickle files that folders may hold instead.
 * @packageDocumentation
 */
import { MissingFileError, UnsupportedError } from '../errors.ts';
import { type Folder, hasFile, labelIn } from './folder/folder.ts';
import { SafetensorsFile } from './safetensors/reader.ts';

/**
 * Opens the weights of a folder.
 * @throws {@link UnsupportedError} when there is only a pickle file; {@link MissingFileError} when there is none; and
 * as {@link SafetensorsFile} does.
 */
export function openWeightsFile(folder: Folder, name: string): SafetensorsFile {
  if (!hasFile(folder, name)) {
    refusePickle(folder, name);
    throw new MissingFileError(labelIn(folder, name), 'a file', 'none');
  }
  return new SafetensorsFile(folder.open(name));
}

/**
 * Refuses a folder that holds its weights only as pickle: reading one runs the code in it.
 * @throws {@link UnsupportedError} naming the file.
 */
export function refusePickle(folder: Folder, wanted: string): void {
  const pickle = folder.list().find((name) => /\.(bin|pt|pth|pkl|ckpt)(\.index\.json)?$/.test(name));
  if (pickle === undefined) return;
  const expected = `${wanted} instead of a pickle file, which could run code`;
  throw new UnsupportedError(labelIn(folder, pickle), expected, pickle);
}
