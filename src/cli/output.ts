/**
 * What commands print: JSON lines on stdout, progress on stderr.
 * @packageDocumentation
 */
import { SingleBar } from 'cli-progress';

/** Writes one value as a line of JSON. Numbers are shortest round-trip decimals, so float64 values are exact. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
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
