/**
 * Files and streams that a user names on the command line: regular files, pipes, devices and standard input, read piece
 * by piece and never further than is asked for. What a folder of a model holds is opened as a `Folder` instead.
 * @packageDocumentation
 */
import { close, fstatSync, open, read, type Stats, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FormatError, MissingFileError } from '../errors.ts';
import { failureOf } from '../formats/folder/node.ts';
import { type JsonObject, LARGEST_JSON, parseJson } from '../formats/json.ts';

/** Largest read, in bytes. */
const PIECE = 1_048_576;
/** Milliseconds between two attempts on a non-blocking stream that has no data yet. */
const PAUSE = 10;
const STANDARD_INPUT = 0;

/** What errors call an input: its path, or `standard input` for `-`. */
export function inputName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/**
 * The bytes of a file or stream in pieces; `-` is standard input. Leaving the loop ends the reading.
 * @throws {@link MissingFileError} when it cannot be opened or read; {@link FormatError} when it is a folder or another
 * thing that cannot be read from beginning to end.
 */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const name = inputName(path);
  const descriptor = await opened(path, name);
  const room = new Uint8Array(PIECE);
  try {
    for (;;) {
      const count = await readSome(descriptor, room, name);
      if (count === 0) return;
      yield room.slice(0, count);
    }
  } finally {
    if (descriptor !== STANDARD_INPUT) await promisify(close)(descriptor);
  }
}

/**
 * All bytes of a file or stream; `-` is standard input.
 * @throws {@link MissingFileError} and {@link FormatError} as {@link piecesOf} does; {@link FormatError} when it has
 * more than `most` bytes.
 */
export async function readInput(path: string, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of piecesOf(path)) {
    total += piece.length;
    if (total > most) throw new FormatError(inputName(path), `at most ${most} bytes`, 'more');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Reads a JSON object from a file or stream; `-` is standard input.
 * @throws {@link MissingFileError} and {@link FormatError} as {@link readInput} does; {@link FormatError} as
 * {@link parseJson} does.
 */
export async function readJsonInput(path: string): Promise<JsonObject> {
  return parseJson(inputName(path), await readInput(path, LARGEST_JSON));
}

async function opened(path: string, name: string): Promise<number> {
  try {
    const found = path === '-' ? fstatSync(STANDARD_INPUT) : statSync(path);
    refuseOthers(name, found);
    // Reopening /dev/stdin fails if it is a socket, and reads a file from its beginning.
    if (path === '-' || isStandardInput(found)) return STANDARD_INPUT;
    return await promisify(open)(path, 'r');
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new MissingFileError(name, 'a readable file', failureOf(error), { cause: error });
  }
}

function refuseOthers(name: string, found: Stats): void {
  if (found.isFile() || found.isFIFO() || found.isCharacterDevice() || found.isSocket()) return;
  throw new FormatError(name, 'a file or a stream', found.isDirectory() ? 'a folder' : 'something else');
}

function isStandardInput({ dev, ino }: Stats): boolean {
  try {
    const input = fstatSync(STANDARD_INPUT);
    return input.dev === dev && input.ino === ino;
  } catch {
    return false;
  }
}

async function readSome(descriptor: number, piece: Uint8Array, name: string): Promise<number> {
  for (;;) {
    try {
      return (await promisify(read)(descriptor, piece, 0, piece.length, null)).bytesRead;
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== 'EAGAIN') throw new MissingFileError(name, 'a readable file', failure, { cause: error });
      await setTimeout(PAUSE);
    }
  }
}
