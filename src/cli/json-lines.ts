/**
 * The only reader of JSON lines: a value per line, as strict as for JSON files, each with its place for messages. A
 * byte order mark is refused, as in JSON files; lines end with LF or CRLF; blank lines count but hold nothing.
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
import { parseJsonValue } from '../formats/json-text.ts';
import { inputName, piecesOf } from './input-stream.ts';

/** A value, and where it was found: `rounds.jsonl line 3`. */
export interface JsonLine {
  readonly value: unknown;
  readonly where: string;
}

/** Limits on lines. */
export interface LineBounds {
  /** Bytes of one line; 64 MiB by default. */
  readonly longest?: number;
  /** Bytes of all lines, for a reader that keeps them; unlimited by default. */
  readonly most?: number;
}

const LONGEST = 2 ** 26;
const NEWLINE = 0x0a;
/** White space that JSON allows around a value. */
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d]);

/**
 * The values of a file or stream of JSON lines, read on demand; `-` is standard input.
 * @throws {@link MissingFileError} and {@link FormatError} as {@link piecesOf} does; {@link FormatError} when a line is
 * not a JSON value by the rules of {@link parseJsonValue}, or a limit is exceeded.
 */
export async function* jsonLines(path: string, bounds: LineBounds = {}): AsyncGenerator<JsonLine> {
  let number = 0;
  for await (const lines of batchesOfLines(path, bounds)) {
    for (const line of lines) {
      number += 1;
      if (line.every((byte) => BLANK.has(byte))) continue;
      const where = `${inputName(path)} line ${number}`;
      yield { value: parseJsonValue(where, line), where };
    }
  }
}

/** The lines that end in each piece that is read; yielding them one by one would cost as much as parsing them. */
async function* batchesOfLines(
  path: string,
  { longest = LONGEST, most = Number.POSITIVE_INFINITY }: LineBounds,
): AsyncGenerator<Uint8Array[]> {
  let begun: Uint8Array[] = [];
  let [begunBytes, total, ended] = [0, 0, 0];
  const add = (bytes: Uint8Array): void => {
    begunBytes += bytes.length;
    if (begunBytes > longest) {
      throw new FormatError(`${inputName(path)} line ${ended + 1}`, `at most ${longest} bytes`, 'more');
    }
    begun.push(bytes);
  };
  const end = (): Uint8Array => {
    const line = begun.length === 1 ? begun[0]! : Buffer.concat(begun);
    [begun, begunBytes] = [[], 0];
    ended += 1;
    return line;
  };
  for await (const piece of piecesOf(path)) {
    total += piece.length;
    if (total > most) throw new FormatError(inputName(path), `at most ${most} bytes`, 'more');
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let to = piece.indexOf(NEWLINE); to >= 0; to = piece.indexOf(NEWLINE, from)) {
      add(piece.subarray(from, to));
      lines.push(end());
      from = to + 1;
    }
    add(piece.subarray(from));
    yield lines;
  }
  yield [end()];
}
