/**
 * Folders and files as the readers of formats see them, wherever they are: on a disk, in memory, in a browser. Reading
 * is synchronous; code that must wait for bytes waits first, and then passes a folder in memory.
 * @packageDocumentation
 */
import { FormatError } from '../../errors.ts';

/** A file that is open for reading. */
export interface OpenFile {
  /** What error messages call it: its path, if it has one. */
  readonly label: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Fills `bytes` from position `from` of the file. Throws a {@link FormatError} when the file ends before, a
   * {@link MissingFileError} when it is closed or cannot be read.
   */
  readInto(from: number, bytes: Uint8Array): void;
  /** Closes the file. A second close does nothing. */
  close(): void;
}

/** A folder of files: list, open, size, read at. */
export interface Folder {
  /** What error messages call it: its path as the user wrote it, if it has one. */
  readonly label: string;
  /** The name of a model in it: usually the folder's own name. */
  readonly name: string;
  /** Names of its entries, sorted. Throws a {@link MissingFileError} when there is no such folder. */
  list(): readonly string[];
  /**
   * Opens a file. Throws a {@link MissingFileError} when it cannot be opened, a {@link FormatError} when it is not a
   * regular file, or leads out of the folder.
   * @param namedBy the label of the file in the folder that gave this name. Such a name is untrusted: it must be a
   * plain one (see {@link checkPlainName}) and must not lead out of the folder.
   */
  open(name: string, namedBy?: string): OpenFile;
}

/** Whether a value can be used as a folder. */
export function isFolder(value: unknown): value is Folder {
  if (typeof value !== 'object' || value === null) return false;
  const { label, name, list, open } = value as Partial<Folder>;
  return [label, name].every((text) => typeof text === 'string') && [list, open].every((f) => typeof f === 'function');
}

/** How error messages name a file of a folder. */
export function labelIn(folder: Folder, name: string): string {
  return `${folder.label.replace(/(?<=.)[/\\]+$/, '')}/${name}`;
}

/** Whether a folder has an entry of this name. @throws {@link MissingFileError} when there is no such folder. */
export function hasFile(folder: Folder, name: string): boolean {
  return folder.list().includes(name);
}

/**
 * All bytes of a file.
 * @throws {@link MissingFileError} when it cannot be read; {@link FormatError} when it has more than `most` bytes or is
 * not a regular file.
 */
export function bytesOf(folder: Folder, name: string, most: number): Uint8Array {
  const file = folder.open(name);
  try {
    if (file.size > most) throw new FormatError(file.label, `at most ${most} bytes`, `${file.size}`);
    const bytes = new Uint8Array(file.size);
    file.readInto(0, bytes);
    return bytes;
  } finally {
    file.close();
  }
}

/**
 * Checks a name that a file of a folder gives to another one: no path, only a name.
 * @throws {@link FormatError} when it is something else.
 */
export function checkPlainName(namedBy: string, name: string): void {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new FormatError(namedBy, 'the name of a file in the same folder', JSON.stringify(name));
  }
}
