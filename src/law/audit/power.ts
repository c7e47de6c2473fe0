/**
 * What a {@link SequentialTest} can detect with a given number of rounds, and how many it needs.
 *
 * Let a prefix have been visited n times, its law p have S letters, its bet the weight w, and let f be the frequencies
 * of the letters that followed. The wealth is at least `w prod_i KT(x_i) / p(x_i)`, hence by the regret of the estimate
 *
 * `ln E >= n KL(f || p) - (S - 1)/2 ln n - ln S - ln(1/w)`,
 *
 * and for laws at total variation d from p, `KL >= d*(d) = min_A kl(p(A) + d || p(A))` over sets A of letters, kl the
 * divergence of two coins (data processing; equality when f keeps the proportions of p inside A and outside). So with
 *
 * `n d*(d) >= ln(1/alpha) + ln(1/w) + (S - 1)/2 ln n + ln S`
 *
 * two things are certain: frequencies at total variation d or more **have raised the alarm**, always; and an engine
 * whose law after this prefix is at d or more has an **expected** ln E of at least ln(1/alpha) (Jensen: KL is convex).
 * The smallest such d is what {@link smallestVisible} returns.
 * @packageDocumentation
 */
import { ln } from '../../numerics/elementary.ts';
import { regretBound } from './krichevsky-trofimov.ts';
import type { SequenceLaw, WeightedSequence } from './sequence-law.ts';
import type { PrefixRecord } from './sequential-test.ts';

/** Sets of more letters than this are not enumerated. */
const MOST_LETTERS = 12;

/** `kl(a || b)` of two coins, in nats. */
function coinDivergence(a: number, b: number): number {
  const part = (x: number, y: number) => (x > 0 ? x * ln(x / y) : 0);
  return part(a, b) + part(1 - a, 1 - b);
}

/** Probabilities of all sets of letters except the empty and the full set. */
function setProbabilities(law: readonly number[]): number[] {
  let sums = [0];
  for (const p of law) sums = [...sums, ...sums.map((total) => total + p)];
  return sums.slice(1, -1);
}

/**
 * The smallest `KL(g || p)` of any law g on the letters of p at total variation d from p: `min_A kl(p(A) + d || p(A))`.
 * Above 12 letters the bound `2 d^2`, which is below it. Infinite when no such law is that far away.
 * @source Pinsker's inequality and its proof by sets: Cover & Thomas 2006, "Elements of Information Theory", lemma
 * 11.6.1
 * @example
 * import assert from 'node:assert/strict';
 * import { leastDivergence } from 'turbo-lora/law';
 * assert.ok(leastDivergence([0.5, 0.5], 0.1) >= 2 * 0.1 ** 2);
 * assert.equal(leastDivergence([0.5, 0.5], 0.6), Infinity);
 */
export function leastDivergence(law: readonly number[], distance: number): number {
  return divergencesFrom(law)(distance);
}

/** {@link leastDivergence} from one law. */
function divergencesFrom(law: readonly number[]): (distance: number) => number {
  const letters = law.filter((p) => p > 0);
  if (letters.length > MOST_LETTERS) return (distance) => 2 * distance * distance;
  const sets = setProbabilities(letters);
  return (distance) =>
    // Sums of probabilities round: a set whose mass rounds to just under 1 leaves no room.
    sets
      .filter((inside) => inside + distance <= 1)
      .reduce((least, inside) => Math.min(least, coinDivergence(inside + distance, inside)), Infinity);
}

/**
 * The smallest total variation between the letters seen after a prefix and their law that must have raised the alarm by
 * now. It is 1 while nothing would have; letters of probability zero are detected at once and do not count.
 * @example
 * import assert from 'node:assert/strict';
 * import { SequentialTest, smallestVisible } from 'turbo-lora/law';
 * const test = new SequentialTest({ after: () => [0.5, 0.5] }, [], 1e-6);
 * for (let i = 0; i < 10000; i++) test.observe([i % 2]);
 * assert.equal(smallestVisible(test.records()[0]!, test.logThreshold).toFixed(3), '0.032');
 */
export function smallestVisible(
  { law, seen, weight }: Pick<PrefixRecord, 'law' | 'seen' | 'weight'>,
  logThreshold: number,
): number {
  const n = seen.total;
  if (n === 0) return 1;
  if (seen.letters === 1) return 1 / n;
  const needed = logThreshold - ln(weight) + regretBound(seen.letters, n);
  const letters = Array.from(law).filter((p) => p > 0);
  // The farthest law is always the least likely letter: most prefixes are seen too seldom even for that.
  if (n * -ln(Math.min(...letters)) < needed) return 1;
  const divergence = divergencesFrom(letters);
  const visible = (distance: number) => n * divergence(distance) >= needed;
  let [hidden, seenAt] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (hidden + seenAt) / 2;
    if (visible(middle)) seenAt = middle;
    else hidden = middle;
  }
  // Farther than any law on these letters is impossible, so it is not called visible.
  return Number.isFinite(divergence(seenAt)) ? seenAt : 1;
}

/**
 * The smallest number of visits after which {@link smallestVisible} is at most `distance`; infinite when no law is that
 * far away.
 * @example
 * import assert from 'node:assert/strict';
 * import { visitsToSee } from 'turbo-lora/law';
 * assert.equal(visitsToSee({ law: [0.5, 0.5], weight: 0.25 }, 0.032, Math.log(1e6)), 10_004);
 */
export function visitsToSee(
  { law, weight }: { readonly law: ArrayLike<number>; readonly weight: number },
  distance: number,
  logThreshold: number,
): number {
  const possible = Array.from(law).filter((p) => p > 0);
  if (possible.length === 1) return Math.ceil(1 / distance);
  const divergence = leastDivergence(possible, distance);
  if (divergence === Infinity) return Infinity;
  const enough = (n: number): boolean => n * divergence >= logThreshold - ln(weight) + regretBound(possible.length, n);
  let most = 1;
  while (!enough(most)) most *= 2;
  let least = most / 2;
  while (most - least > 1) {
    const middle = Math.ceil((least + most) / 2);
    if (enough(middle)) most = middle;
    else least = middle;
  }
  return most;
}

/** How fast the wealth of a bet on the true law grows. */
export interface Growth {
  /** `sum over prefixes of P(N >= n+1, prefix) KL(g || p)`, in nats per round, over the possible letters. */
  readonly perRound: number;
  /** The probability that a round contains a letter that p excludes. */
  readonly impossible: number;
}

/** The growth, per round, of a bet on a law of sequences against the next-letter laws p. */
export function growthAgainst(
  law: SequenceLaw,
  alternative: SequenceLaw,
  sequences: Iterable<WeightedSequence>,
): Growth {
  let [perRound, impossible] = [0, 0];
  for (const [sequence, probability] of sequences) {
    for (const [n, letter] of sequence.entries()) {
      const prefix = sequence.slice(0, n);
      const p = law.after(prefix)?.[letter] ?? 0;
      if (p === 0) {
        impossible += probability;
        break;
      }
      perRound += probability * ln(alternative.after(prefix)![letter]! / p);
    }
  }
  return { perRound, impossible };
}

/**
 * Expected number of rounds until a fault is detected: by its own bet, `ln(1 / (alpha w))` over the growth per round
 * (Wald's identity without the last step), or by an impossible letter, whichever is first. Infinite if never.
 * @example
 * import assert from 'node:assert/strict';
 * import { roundsToSee } from 'turbo-lora/law';
 * assert.equal(roundsToSee({ perRound: 0.02, impossible: 0 }, 1, Math.log(1e6)), 691);
 */
export function roundsToSee(growth: Growth, weight: number, logThreshold: number): number {
  // The difference that rounding leaves between two equal laws is not growth.
  const byBet = growth.perRound > 1e-12 ? (logThreshold - ln(weight)) / growth.perRound : Infinity;
  return Math.ceil(Math.min(byBet, 1 / growth.impossible));
}
