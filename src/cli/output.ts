/**
 * What commands print: JSON lines or tables on stdout, progress on stderr.
 * @packageDocumentation
 */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';

/** Writes one value as a line of JSON. Numbers are shortest round-trip decimals, so float64 values are exact. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Writes a table. Columns whose cells are all numbers or formatted numbers are right-aligned by `right`. */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): void {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString()}\n`);
}

/** A message for people. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A progress bar on stderr, shown only where stderr is a terminal. */
export function progress(label: string, total: number): { advance(by?: number): void; done(): void } {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} tokens at most, {duration_formatted}`,
    stream: process.stderr,
    noTTYOutput: false,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  return {
    advance: (by = 1) => bar.increment(by),
    done: () => bar.stop(),
  };
}
