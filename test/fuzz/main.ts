/**
 * Fuzzing: random input of every kind until the time is up, each surface its share, two at a time where there are two
 * cores.
 *
 * A case is a seed of its surface: `npm run fuzz -- --surface laws --seed 17` repeats it. What does not hold is kept as
 * a file in test/fuzz/found/, which the tests run ever after.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { Command } from 'commander';
import { type Found, oversee, type Tally } from './overseer.ts';
import { caseOf, SURFACES, surfaceNamed } from './surfaces/index.ts';

const names = SURFACES.map(({ name }) => name);
const options = new Command('fuzz')
  .description('Random input of every kind until the time is up. Exit code 1 when something did not hold.')
  .option('--minutes <n>', 'how long', Number, 1)
  .option('--seed <n>', 'first seed of each surface', Number, Math.floor(Date.now() / 1000) % 2 ** 31)
  .option('--surface <names...>', `some of: ${names.join(', ')}`, names)
  .option('--jobs <n>', 'surfaces at a time', Number, availableParallelism())
  .parse()
  .opts<{ minutes: number; seed: number; surface: string[]; jobs: number }>();

/** Keeps a case that was found, whole, since seeds mean other cases once the surface changes. */
function keep({ surface, seed, failure }: Found): string {
  const folder = new URL('./found/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = `${surface.replaceAll(' ', '-')}-${seed}.json`;
  const kept = { surface, seed, failure: failure.split('\n')[0], case: caseOf(surfaceNamed(surface), seed) };
  writeFileSync(new URL(file, folder), `${JSON.stringify(kept, null, 2)}\n`);
  return file;
}

/** Kept at once: a long run may be ended early. */
function report(one: Found): void {
  process.stdout.write(`\n${one.surface}, seed ${one.seed}, kept as test/fuzz/found/${keep(one)}\n${one.failure}\n`);
  process.exitCode = 1;
}

const share = (options.minutes * 60_000 * options.jobs) / options.surface.length;
const bar = new SingleBar({
  format: '{bar} {value} cases, {found} found, {duration_formatted}',
  stream: process.stderr,
});
bar.start(1, 0, { found: 0 });
let cases = 0;
let found = 0;
const tallies: Tally[] = [];
const waiting = [...options.surface];
async function work(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const before = { found: 0 };
    const tally = await oversee(name, options.seed, share, (now) => {
      cases += 1;
      for (const one of now.found.slice(before.found)) report(one);
      found += now.found.length - before.found;
      before.found = now.found.length;
      bar.setTotal(cases);
      bar.update(cases, { found });
    });
    tallies.push(tally);
  }
}
await Promise.all(Array.from({ length: options.jobs }, work));
bar.stop();

const table = new Table({
  head: ['surface', 'cases', 'taken', 'refused', 'slowest, ms', 'memory, MiB', 'found'],
  colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [] },
});
for (const { surface, taken, refused, slowest, largest, found: own } of tallies) {
  const all = taken + refused + own.length;
  table.push([surface, all, taken, refused, slowest.toFixed(0), (largest / 2 ** 20).toFixed(0), own.length]);
}
process.stdout.write(`${table.toString()}\nseeds from ${options.seed}, ${options.minutes} minutes\n`);
// A surface of which nothing was ever taken, or nothing ever refused, tests nothing.
for (const { surface, taken, refused } of tallies.filter(({ taken, refused }) => taken === 0 || refused === 0)) {
  process.stdout.write(`\n${surface}: ${taken} taken, ${refused} refused: this says nothing\n`);
  process.exitCode = 1;
}
