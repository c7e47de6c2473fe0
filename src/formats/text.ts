import { FormatError } from '../errors.ts';
import { closeFile, openFile, readInto } from './files.ts';

/**
 * Reads a text file of a model folder.
 * @throws {@link MissingFileError} when it is not there; {@link FormatError} when it has more than `most` bytes or is not
 * UTF-8.
 */
export function readText(path: string, most: number): string {
  const file = openFile(path);
  try {
    if (file.size > most) throw new FormatError(path, `at most ${most} bytes`, `${file.size}`);
    const bytes = new Uint8Array(file.size);
    readInto(file, 0, bytes);
    return decodedText(path, bytes);
  } finally {
    closeFile(file);
  }
}

/** Bytes as UTF-8 text. @throws {@link FormatError} when they are not. */
export function decodedText(label: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FormatError(label, 'UTF-8', 'other bytes', { cause: error });
  }
}
