/**
 * Everything that commands print goes through here: results on stdout, messages and progress on stderr. Each write
 * waits until its reader has room, so nothing is cut off when the process ends, and failures are reported where they
 * happen.
 * @packageDocumentation
 */
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import { SingleBar } from 'cli-progress';
import { WriteError } from '../errors.ts';
import { writeFully } from '../formats/folder/node/write-fully.ts';
import { failureOf } from '../formats/folder/node.ts';
import { printable } from '../quoted.ts';
import { jsonPieces } from './json-pieces.ts';

type Descriptor = 1 | 2;
const [STDOUT, STDERR] = [1, 2] as const;
const NAMES: Readonly<Record<Descriptor, string>> = { 1: 'standard output', 2: 'standard error' };

/** The reader of stdout or stderr has closed it (`turbo-lora … | head`): the command ends, and that is not a fault. */
export class ReaderGone extends Error {}

/** Where the bytes go, in one object so that tests can intercept them. */
export const standardStreams = {
  write: (descriptor: Descriptor, text: string): void => writeFully(descriptor, Buffer.from(text)),
};

/** @throws {@link ReaderGone}; {@link WriteError} when there is no room or the stream is closed. */
function write(descriptor: Descriptor, text: string): void {
  try {
    standardStreams.write(descriptor, text);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'EPIPE') throw new ReaderGone(NAMES[descriptor], { cause: error });
    throw new WriteError(NAMES[descriptor], 'a writable stream', failure, { cause: error });
  }
}

/**
 * Writes this program's own text on stdout as it is; text from elsewhere must have been made {@link printable} first.
 */
export function print(text: string): void {
  write(STDOUT, text);
}

/**
 * Writes text by a model or a user on stdout. A terminal obeys control characters, so there they are shown as escapes;
 * a file or a pipe gets the text as it is.
 */
export function printText(text: string): void {
  write(STDOUT, isatty(STDOUT) ? withoutControls(text) : text);
}

/** Every control character except newlines and tabs, as JSON escapes it. */
export function withoutControls(text: string): string {
  return text.replace(/(?!\r\n|[\n\t])\p{Cc}/gu, printable);
}

/** Writes one value as a line of JSON. Numbers are shortest round-trip decimals, so float64 values are exact. */
export function printJson(value: unknown): void {
  // JSON.stringify escapes only the ASCII control characters.
  for (const piece of jsonPieces(value)) print(piece.replace(/\p{Cc}/gu, printable));
  print('\n');
}

/** The longest line of a message, in characters. */
const LONGEST = 4000;

/** A text of several lines, each made {@link printable}. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, LONGEST))
    .join('\n');
}

/** A message on stderr; its lines are made {@link printable}. */
export function say(text: string): void {
  sayStyled(`${printableLines(text)}\n`);
}

const COLOURS = { error: 'red', 'internal error': 'red', warning: 'yellow' } as const;

/** An error or a warning on stderr. */
export function sayMarked(mark: keyof typeof COLOURS, text: string): void {
  const marked = styleText(COLOURS[mark], `${mark}:`, { stream: process.stderr });
  sayStyled(`${marked} ${printableLines(text)}\n`);
}

/** Writes this program's own text on stderr as it is, colours included. */
export function sayStyled(text: string): void {
  write(STDERR, text);
}

/**
 * A progress bar on stderr, shown only where stderr is a terminal. It does not touch the cursor or line wrapping, so an
 * interrupted command has nothing to restore.
 */
export function progress(
  label: string,
  total: number,
  unit = 'tokens at most',
  stream: NodeJS.WriteStream = process.stderr,
): { advance(by?: number): void; done(): void } {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} ${unit}, {duration_formatted}`,
    stream,
    noTTYOutput: false,
    clearOnComplete: true,
    hideCursor: false,
    linewrap: true, // cuts the bar to the terminal's width; false would switch off the terminal's line wrapping
  });
  bar.start(total, 0);
  return {
    advance: (by = 1) => bar.increment(by),
    done: () => bar.stop(),
  };
}
