/**
 * The only writer of output files. Opening it shows whether it can write, before any work; a regular file gets its name
 * once it is complete.
 * @packageDocumentation
 */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { WriteError } from '../../../errors.ts';
import { failureOf } from '../node.ts';
import { writeFully } from './write-fully.ts';

/** Bytes buffered before they are written to a regular file; a stream gets each piece at once. */
const KEPT = 65_536;
/** As many links as Linux follows. */
const MOST_LINKS = 40;

/** Where the bytes go: to a temporary file that is renamed to `target` at the end, or straight to a stream. */
interface Place {
  readonly descriptor: number;
  /** Null for a stream. */
  readonly temporary: string | null;
  readonly target: string;
  /** False for a descriptor that belongs to the process, such as standard output. */
  readonly owned: boolean;
}

/**
 * A file that is being written. A regular file appears under its name when {@link OutputFile.finish} is called, with
 * the mode of the file that it replaces; a symbolic link stays and its target is replaced. A pipe or a device (also
 * `/dev/stdout`) gets the bytes at once.
 */
export class OutputFile {
  readonly #label: string;
  readonly #place: Place;
  readonly #onEnd: () => void;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #isOpen = true;

  private constructor(label: string, place: Place, onEnd: () => void) {
    this.#label = label;
    this.#place = place;
    this.#onEnd = onEnd;
  }

  /**
   * Opens a file for writing. `label` names it in errors; `onEnd` is called once, when it is finished or discarded.
   * @throws {@link WriteError} when the file cannot be written or replaced.
   */
  static open(label: string, path: string, onEnd: () => void = () => undefined): OutputFile {
    return new OutputFile(
      label,
      attempt(label, path, () => placeOf(path)),
      onEnd,
    );
  }

  /**
   * Adds text (as UTF-8) or bytes.
   * @throws {@link WriteError} when there is no space left, or the file was finished or discarded.
   */
  write(piece: string | Uint8Array): void {
    if (!this.#isOpen) throw new WriteError(this.#label, 'an open file', 'a closed one');
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    // Large pieces are not copied. The caller may change its array after this call, so none is kept either.
    if (this.#place.temporary === null || bytes.length >= KEPT) {
      this.#flush();
      this.#send(bytes);
      return;
    }
    this.#kept.push(bytes === piece ? bytes.slice() : bytes);
    this.#keptBytes += bytes.length;
    if (this.#keptBytes >= KEPT) this.#flush();
  }

  /**
   * Writes the rest and renames the file to its final name. After a failure the temporary file is gone.
   * @throws {@link WriteError} when there is no space left, or the file cannot be renamed.
   */
  finish(): void {
    if (!this.#isOpen) return;
    const { descriptor, temporary, target } = this.#place;
    this.#flush();
    try {
      attempt(this.#label, target, () => {
        if (temporary === null) return;
        fsyncSync(descriptor); // otherwise a crash after the rename could leave an empty file under the name
        renameSync(temporary, target);
      });
    } catch (error) {
      this.discard();
      throw error;
    }
    this.#end();
  }

  /** Removes the temporary file. Does nothing after {@link OutputFile.finish}. */
  discard(): void {
    if (!this.#isOpen) return;
    if (this.#place.temporary !== null) rmSync(this.#place.temporary, { force: true });
    this.#end();
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#kept);
    this.#kept = [];
    this.#keptBytes = 0;
    this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    try {
      attempt(this.#label, this.#place.target, () => writeFully(this.#place.descriptor, bytes));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  #end(): void {
    this.#isOpen = false;
    if (this.#place.owned) closeSync(this.#place.descriptor);
    this.#onEnd();
  }
}

/** @throws {@link WriteError} instead of the system's errors. */
function attempt<T>(label: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new WriteError(label, 'a writable file', `${path} (${failureOf(error)})`, { cause: error });
  }
}

function placeOf(path: string): Place {
  if (path === '') throw new Error('an empty path');
  const found = statSync(path, { throwIfNoEntry: false });
  const standard = found === undefined ? undefined : [1, 2].find((descriptor) => isOpenAs(descriptor, found));
  if (standard !== undefined) return { descriptor: standard, temporary: null, target: path, owned: false };
  if (found?.isFile() === false) {
    return { descriptor: openSync(path, constants.O_WRONLY), temporary: null, target: path, owned: true };
  }
  const target = targetOf(path);
  if (found !== undefined) accessSync(target, constants.W_OK); // a rename would replace a read-only file
  const temporary = join(dirname(target), `.${randomBytes(8).toString('hex')}.unfinished`);
  const descriptor = openSync(temporary, 'wx');
  try {
    if (found !== undefined) fchmodSync(descriptor, found.mode & 0o7777);
  } catch (error) {
    closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw error;
  }
  return { descriptor, temporary, target, owned: true };
}

/**
 * Whether a descriptor of the process is already open on this file: opening it again would overwrite what the first
 * wrote.
 */
function isOpenAs(descriptor: number, { dev, ino }: Stats): boolean {
  try {
    const open = fstatSync(descriptor);
    return open.dev === dev && open.ino === ino;
  } catch {
    return false;
  }
}

/** The path of the file that a path leads to; the file need not exist yet. */
function targetOf(path: string): string {
  let target = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    target = join(realpathSync(dirname(target)), basename(target));
    let next: string;
    try {
      next = readlinkSync(target);
    } catch {
      return target;
    }
    target = resolve(dirname(target), next);
  }
  return realpathSync(target); // a cycle of links: the system reports it
}
