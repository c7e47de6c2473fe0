import { FormatError } from '../errors.ts';
import { bytesOf, type Folder, labelIn } from './folder/folder.ts';

/**
 * Reads a text file of a model folder.
 * @throws {@link MissingFileError} when it does not exist; {@link FormatError} when it has more than `most` bytes or is
 * not UTF-8.
 */
export function readText(folder: Folder, name: string, most: number): string {
  return decodedText(labelIn(folder, name), bytesOf(folder, name, most));
}

/** Bytes as UTF-8 text. @throws {@link FormatError} when they are not valid UTF-8. */
export function decodedText(label: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FormatError(label, 'UTF-8', 'other bytes', { cause: error });
  }
}
