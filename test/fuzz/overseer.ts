/**
 * Watches workers: kills the one whose case takes too long, notices the one that died, and goes on with the next seed.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { surfaceNamed } from './surfaces/index.ts';
import type { Message } from './worker.ts';

/** Milliseconds that a case may take, unless its surface says otherwise. */
const LONGEST = 20_000;
/** Bytes of memory that a worker may hold. */
const LARGEST = 1.5 * 2 ** 30;
const HEAP_MEBIBYTES = 1024;

/** A case for which something did not hold. */
export interface Found {
  readonly surface: string;
  readonly seed: number;
  readonly failure: string;
}

/** What a surface's share of the time brought. */
export interface Tally {
  readonly surface: string;
  taken: number;
  refused: number;
  slowest: number;
  largest: number;
  readonly found: Found[];
  nextSeed: number;
}

/** Fuzzes one surface for a while. `onCase` is called after each case. */
export async function oversee(
  surface: string,
  seed: number,
  milliseconds: number,
  onCase: (tally: Tally) => void,
): Promise<Tally> {
  const tally: Tally = { surface, taken: 0, refused: 0, slowest: 0, largest: 0, found: [], nextSeed: seed };
  const until = performance.now() + milliseconds;
  while (performance.now() < until) await runWorker(tally, until - performance.now(), () => onCase(tally));
  return tally;
}

function runWorker(tally: Tally, milliseconds: number, onCase: () => void): Promise<void> {
  const worker = fork(
    fileURLToPath(new URL('./worker.ts', import.meta.url)),
    [tally.surface, `${tally.nextSeed}`, `${milliseconds}`],
    {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MEBIBYTES}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const longest = surfaceNamed(tally.surface).longest ?? LONGEST;
  let last = '';
  worker.stderr!.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-2000);
  });
  let running: number | null = null;
  let watch: NodeJS.Timeout | undefined;
  let killed: string | null = null;
  const find = (at: number, failure: string): void =>
    void tally.found.push({ surface: tally.surface, seed: at, failure });
  worker.on('message', (message: Message) => {
    clearTimeout(watch);
    if ('start' in message) {
      running = message.start;
      tally.nextSeed = message.start + 1;
      watch = setTimeout(() => {
        killed = `took more than ${longest} ms`;
        worker.kill('SIGKILL');
      }, longest);
      return;
    }
    if ('failed' in message) find(message.failed, message.failure);
    else {
      tally[message.outcome] += 1;
      tally.slowest = Math.max(tally.slowest, message.ms);
      tally.largest = Math.max(tally.largest, message.rss);
      if (message.rss > LARGEST) {
        find(message.end, `the process holds ${message.rss} bytes`);
        worker.kill('SIGKILL');
      }
    }
    running = null;
    onCase();
  });
  return new Promise((resolve) => {
    worker.on('close', (code, signal) => {
      clearTimeout(watch);
      if (running !== null) {
        find(running, killed ?? `the process ended (${signal ?? code}): ${last}`);
        onCase();
      } else if (code !== 0 && signal === null) throw new Error(`the worker of ${tally.surface} failed:\n${last}`);
      resolve();
    });
  });
}
