import { OptionError } from '../../errors.ts';
import { ln } from '../../numerics/elementary.ts';
import { regretBound } from './krichevsky-trofimov.ts';
import { leastDivergence } from './power.ts';
import type { SequenceLaw } from './sequence-law.ts';
import { shareOfEachKind } from './sequential-test.ts';

/**
 * How often a prefix must be visited until a total variation of `distance` from its law must have raised the alarm: the
 * smallest n with `n d* >= ln(1/alpha) + ln(1/w) + (S - 1)/2 ln n + ln S` (see `smallestVisible`, whose inverse it is).
 * Only letters of probability zero are farther from a law than `1 - min p`; each of those is an alarm.
 * @param weight the share of the prior wealth that is bet after this prefix: w.
 * @param logThreshold `ln(1/alpha)`.
 * @throws {@link OptionError} when the distance is not above 0 and at most 1.
 * @example
 * import assert from 'node:assert/strict';
 * import { visitsNeeded } from 'turbo-lora/law';
 * assert.equal(visitsNeeded([0.5, 0.5], 0.05, 0.25, Math.log(1e6)), 4002);
 * assert.equal(visitsNeeded([1, 0], 0.05, 0.25, Math.log(1e6)), 20); // every twentieth letter is impossible
 */
export function visitsNeeded(law: ArrayLike<number>, distance: number, weight: number, logThreshold: number): number {
  if (!(distance > 0 && distance <= 1)) {
    throw new OptionError('total variation', 'a number above 0, at most 1', `${distance}`);
  }
  const letters = Array.from(law).filter((p) => p > 0);
  if (letters.length < 2) return letters.length === 0 ? Number.POSITIVE_INFINITY : Math.ceil(1 / distance);
  const divergence = leastDivergence(letters, Math.min(distance, 1 - Math.min(...letters)));
  const needed = logThreshold - ln(weight);
  // Convex in n and negative until the answer: it crosses zero once.
  const suffices = (n: number): boolean => n * divergence >= needed + regretBound(letters.length, n);
  let [few, enough] = [0, 1];
  while (!suffices(enough)) [few, enough] = [enough, enough * 2];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (suffices(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

/**
 * The expected number of texts that visit a prefix as often as {@link visitsNeeded} says. Infinite for a prefix that is
 * impossible, or has no known law.
 * @throws {@link OptionError} when the distance is not above 0 and at most 1.
 */
export function textsNeeded(
  law: SequenceLaw,
  prefix: readonly number[],
  distance: number,
  logThreshold: number,
): number {
  const reached = prefix.reduce((p, letter, n) => p * (law.after(prefix.slice(0, n))?.[letter] ?? 0), 1);
  const next = law.after(prefix);
  if (next === null || !(reached > 0)) return Number.POSITIVE_INFINITY;
  const weight = shareOfEachKind(0) * 0.5 ** (prefix.length + 1) * reached;
  return Math.ceil(visitsNeeded(next, distance, weight, logThreshold) / reached);
}
