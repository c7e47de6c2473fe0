/**
 * Folders of the file system. What a model or adapter folder holds is opened through here, and nowhere else.
 * @packageDocumentation
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { FormatError, MissingFileError } from '../../errors.ts';
import { modelName } from '../model-name.ts';
import { checkPlainName, type Folder, labelIn, type OpenFile } from './folder.ts';

/** The system's name of a failure (`ENOENT`), or its message. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/**
 * A folder of the file system, by its path. Whether it is there shows when it is listed or a file of it is opened. What
 * is a folder already is given back as it is.
 * @throws {@link MissingFileError} by its `list` and `open`, when there is no such folder or file; {@link FormatError}
 * by its `open`, for what is not a regular file, and for a name from another file that leads out of the folder.
 * @example
 * import assert from 'node:assert/strict';
 * import { folderAt } from 'turbo-lora';
 * assert.ok(folderAt('fixtures/embedded/base').list().includes('config.json'));
 */
export function folderAt(path: string | Folder): Folder {
  if (typeof path !== 'string') return path;
  const folder: Folder = {
    label: path,
    name: modelName(resolve(path)),
    list: () => listFolder(path),
    open(name, namedBy) {
      if (namedBy !== undefined) refuseOutside(namedBy, folder, name);
      return openFile(join(path, name), labelIn(folder, name));
    },
  };
  return folder;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    throw new MissingFileError(path, 'a folder', failureOf(error), { cause: error });
  }
}

/**
 * A file that another one of the folder names must be in it, and a link must not lead out of it: an untrusted
 * checkpoint could otherwise make us read any file. One layout is exempt, the cache of `huggingface_hub`, whose
 * `snapshots/<revision>` folders link to `blobs` next to them.
 */
function refuseOutside(namedBy: string, folder: Folder, name: string): void {
  checkPlainName(namedBy, name);
  let target: string;
  let root: string;
  try {
    root = realpathSync(folder.label);
    target = realpathSync(join(folder.label, name));
  } catch (error) {
    const expected = `a file, because ${namedBy} names it`;
    throw new MissingFileError(labelIn(folder, name), expected, failureOf(error), { cause: error });
  }
  const allowed = [root];
  if (basename(dirname(root)) === 'snapshots') allowed.push(join(dirname(dirname(root)), 'blobs'));
  if (!allowed.some((place) => target.startsWith(place + sep))) {
    throw new FormatError(
      namedBy,
      'the name of a file in the same folder',
      `${JSON.stringify(name)}, a link out of it`,
    );
  }
}

/**
 * Opens a regular file, which errors call `label`. Folders, pipes and devices are refused before they are opened:
 * opening a pipe can wait forever.
 * @throws {@link MissingFileError} when it cannot be opened; {@link FormatError} when it is not a regular file.
 */
export function openFile(path: string, label = path): NodeFile {
  let regular: boolean;
  try {
    regular = statSync(path).isFile();
  } catch (error) {
    throw new MissingFileError(label, 'a file', failureOf(error), { cause: error });
  }
  if (!regular) throw new FormatError(label, 'a regular file', 'something else');
  try {
    return new NodeFile(label, openSync(path, 'r'));
  } catch (error) {
    throw new MissingFileError(label, 'a readable file', failureOf(error), { cause: error });
  }
}

// Linux moves at most 2^31 - 4096 bytes in one read.
const LONGEST_READ = 2 ** 30;

/** An open file of the file system. */
export class NodeFile implements OpenFile {
  readonly size: number;
  #isOpen = true;

  constructor(
    readonly label: string,
    readonly descriptor: number,
  ) {
    this.size = fstatSync(descriptor).size;
  }

  /**
   * Fills `bytes` from position `from` of the file.
   * @throws {@link FormatError} when the file ends before, {@link MissingFileError} when it is closed or cannot be
   * read.
   */
  readInto(from: number, bytes: Uint8Array): void {
    if (!this.#isOpen) throw new MissingFileError(this.label, 'an open file', 'a closed one');
    let done = 0;
    while (done < bytes.length) {
      let count: number;
      try {
        count = readSync(this.descriptor, bytes, done, Math.min(bytes.length - done, LONGEST_READ), from + done);
      } catch (error) {
        throw new MissingFileError(this.label, 'a readable file', failureOf(error), { cause: error });
      }
      if (count === 0) throw new FormatError(this.label, `${from + bytes.length} bytes`, `${from + done}`);
      done += count;
    }
  }

  /** Closes the file. A second close does nothing: its descriptor may belong to another file by then. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.descriptor);
  }
}
