/**
 * Files and folders, with errors that say what is missing. Everything below `formats/` opens files through here.
 * @packageDocumentation
 */
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { FormatError, MissingFileError } from '../errors.ts';

/** A file that is open for reading. */
export interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  /** Bytes. */
  readonly size: number;
  isOpen: boolean;
}

/** The system's name of a failure (`ENOENT`), or its message. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/**
 * Opens a regular file. Folders, pipes and devices are refused before they are opened: opening a pipe can wait forever.
 * @throws {@link MissingFileError} when it cannot be opened; {@link FormatError} when it is not a regular file.
 */
export function openFile(path: string): OpenFile {
  let regular: boolean;
  try {
    regular = statSync(path).isFile();
  } catch (error) {
    throw new MissingFileError(path, 'a file', failureOf(error), { cause: error });
  }
  if (!regular) throw new FormatError(path, 'a regular file', 'something else');
  try {
    const descriptor = openSync(path, 'r');
    return { path, descriptor, size: fstatSync(descriptor).size, isOpen: true };
  } catch (error) {
    throw new MissingFileError(path, 'a readable file', failureOf(error), { cause: error });
  }
}

/** Closes a file. A second close does nothing: its descriptor may belong to another file by then. */
export function closeFile(file: OpenFile): void {
  if (!file.isOpen) return;
  file.isOpen = false;
  closeSync(file.descriptor);
}

// Linux moves at most 2^31 - 4096 bytes in one read.
const LONGEST_READ = 2 ** 30;

/**
 * Fills `bytes` from position `from` of the file.
 * @throws {@link FormatError} when the file ends before, {@link MissingFileError} when it cannot be read.
 */
export function readInto(file: OpenFile, from: number, bytes: Uint8Array): void {
  if (!file.isOpen) throw new MissingFileError(file.path, 'an open file', 'a closed one');
  let done = 0;
  while (done < bytes.length) {
    let count: number;
    try {
      count = readSync(file.descriptor, bytes, done, Math.min(bytes.length - done, LONGEST_READ), from + done);
    } catch (error) {
      throw new MissingFileError(file.path, 'a readable file', failureOf(error), { cause: error });
    }
    if (count === 0) throw new FormatError(file.path, `${from + bytes.length} bytes`, `${from + done}`);
    done += count;
  }
}

/** Whether a folder has an entry of this name. One that cannot be looked at counts: opening it says what is wrong. */
export function hasFile(folder: string, name: string): boolean {
  try {
    return lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return failureOf(error) !== 'ENOTDIR';
  }
}

/**
 * Names of a folder's entries, sorted.
 * @throws {@link MissingFileError} when there is no such folder.
 */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new MissingFileError(folder, 'a folder', failureOf(error), { cause: error });
  }
}

/**
 * The path of a file that another file of the folder names. It must be a plain name, and a link must not lead out of
 * the folder: a checkpoint from a stranger could otherwise make us read any file. One layout is exempt, the cache of
 * `huggingface_hub`, whose `snapshots/<revision>` folders link to `blobs` next to them.
 * @throws {@link FormatError} when the name leads outside; {@link MissingFileError} when there is no such file.
 */
export function pathInside(label: string, folder: string, name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new FormatError(label, 'the name of a file in the same folder', JSON.stringify(name));
  }
  const path = join(folder, name);
  let target: string;
  let root: string;
  try {
    root = realpathSync(folder);
    target = realpathSync(path);
  } catch (error) {
    throw new MissingFileError(path, `a file, because ${label} names it`, failureOf(error), { cause: error });
  }
  const allowed = [root];
  if (basename(dirname(root)) === 'snapshots') allowed.push(join(dirname(dirname(root)), 'blobs'));
  if (!allowed.some((place) => target.startsWith(place + sep))) {
    throw new FormatError(label, 'the name of a file in the same folder', `${JSON.stringify(name)}, a link out of it`);
  }
  return path;
}
