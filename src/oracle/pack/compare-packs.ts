/**
 * What has changed since a pack was made.
 * @packageDocumentation
 */
import type { Stored } from '../../numerics/stored.ts';
import type { Finding } from '../vectors/linter.ts';
import type { MadeCase } from './packed-case.ts';
import type { PackedCase, PackedFolder } from './regression-pack.ts';

/** Files of a folder that are not those that a pack was made from. */
export function changedFiles(then: PackedFolder, now: PackedFolder): Finding[] {
  const hashes = new Map(now.files.map(({ path, sha256 }) => [path, sha256]));
  const before = new Set(then.files.map(({ path }) => path));
  const gone = then.files.filter(({ path, sha256 }) => hashes.get(path) !== sha256);
  const added = now.files.filter(({ path }) => !before.has(path));
  return [
    ...gone.map(({ path }) => ({
      path: `${now.folder}/${path}`,
      problem: hashes.has(path) ? 'has changed since the pack was made' : 'is missing',
    })),
    ...added.map(({ path }) => ({ path: `${now.folder}/${path}`, problem: 'was not there when the pack was made' })),
  ];
}

/** How a case differs from what is made of it now; nothing if it is the same to the last bit. */
export function* changesOf(then: PackedCase, thenLogits: Stored, now: MadeCase): Generator<Finding, void, void> {
  const { test, logits } = now;
  const greedy = firstDifference(then.greedy.tokens, test.greedy.tokens);
  if (greedy !== null) yield { path: then.id, problem: `greedy text: ${greedy}` };
  for (const [i, { seed, tokens }] of then.sampled.entries()) {
    const sampled = firstDifference(tokens, test.sampled[i]?.tokens ?? []);
    if (sampled !== null) yield { path: then.id, problem: `sampled text of seed ${seed}: ${sampled}` };
  }
  const text = [then.greedy, ...then.sampled].find((each, i) => each.text !== [test.greedy, ...test.sampled][i]?.text);
  if (text !== undefined && greedy === null) yield { path: then.id, problem: 'a text has other characters' };
  const largest = largestDifference(thenLogits, logits);
  if (largest !== 0) yield { path: then.id, problem: `logits differ by up to ${largest}` };
}

function firstDifference(then: readonly number[], now: readonly number[]): string | null {
  const at = Array.from({ length: Math.max(then.length, now.length) }).findIndex((_, i) => then[i] !== now[i]);
  return at < 0 ? null : `token ${at} is ${now[at] ?? 'missing'}, not ${then[at] ?? 'missing'}`;
}

/** Infinite where shapes differ. */
function largestDifference(then: Stored, now: Stored): number {
  if (then.shape.join() !== now.shape.join()) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < then.data.length; i++) largest = Math.max(largest, Math.abs(then.data[i]! - now.data[i]!));
  return largest;
}
