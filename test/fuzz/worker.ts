/** Child process: runs the cases of one surface, seed after seed, and says before each what it is about to do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseOf, surfaceNamed } from './surfaces/index.ts';

/** What the worker says. A case without an end has hung or taken the process with it. */
export type Message =
  | { readonly start: number }
  | { readonly end: number; readonly outcome: 'taken' | 'refused'; readonly ms: number; readonly rss: number }
  | { readonly failed: number; readonly failure: string };

const [name, firstSeed, milliseconds] = process.argv.slice(2);
const surface = surfaceNamed(name!);
const say = (message: Message): void => void process.send!(message);
const until = performance.now() + Number(milliseconds);
const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
try {
  for (let seed = Number(firstSeed); performance.now() < until; seed++) {
    say({ start: seed });
    const input = caseOf(surface, seed);
    const begun = performance.now();
    try {
      const outcome = await surface.run(input, folder);
      say({ end: seed, outcome, ms: performance.now() - begun, rss: process.memoryUsage.rss() });
    } catch (error) {
      say({ failed: seed, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    await new Promise((resolve) => setImmediate(resolve)); // lets the messages out
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.disconnect();
