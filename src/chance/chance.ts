/**
 * A random choice, either sampled or enumerated. Acceptance rules and drafters ask a `Chance<T>` for every coin and
 * every token; they never see a generator or a seed.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { raceWinner } from './race.ts';
import type { Tape } from './tape.ts';

/** What a draw is for. */
export type Purpose = 'target' | 'draft' | 'accept' | 'residual';

/** The name of one draw: what it is for, and the index in the whole text of the token that it helps to decide. */
export interface Slot {
  readonly purpose: Purpose;
  readonly position: number;
  /** In a race: the token whose clock it is. */
  readonly token?: number;
}

/** How a token is drawn from a law: by one uniform and inverse CDF, or by a race of one clock per token. */
export type DrawMethod = 'inverse cdf' | 'race';

/** A source of random choices over numbers of type `T`. */
export interface Chance<T> {
  /** True with probability min(1, numerator / denominator). */
  accept(slot: Slot, numerator: T, denominator: T): boolean;
  /** Index i with probability weights[i] / sum(weights). The weights need not sum to one. */
  draw(slot: Slot, weights: ArrayLike<T>): number;
  /**
   * Index i with probability weights[i] / sum(weights), as the winner of a race: `argmin_i E_i / weights[i]`. Races in
   * the same slot share their exponential clocks E, so their winners are coupled; each slot has clocks of its own.
   */
  race(slot: Slot, weights: ArrayLike<T>): number;
}

/**
 * The index that a uniform selects by inverse CDF in ascending order: the first i with
 * `u * total < w[0] + … + w[i]`. An index of weight zero is never returned, at u = 0 too
 * (SPEC-DRAW-BOUNDARY).
 * @throws {@link LawError} when there is no mass, or a weight is negative or not finite.
 * @example
 * import assert from 'node:assert/strict';
 * import { indexAt } from 'turbo-lora';
 * assert.equal(indexAt(0, [0, 0.5, 0.5]), 1);
 * assert.equal(indexAt(0.5, [0, 0.5, 0.5]), 2);
 */
export function indexAt(uniform: number, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new LawError(`weight ${i}`, 'a finite number of at least 0', `${weight}`);
    }
    total += weight;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
    throw new LawError('sum of weights', 'a finite number above 0', `${total}`);
  }
  const threshold = uniform * total;
  let cumulative = 0;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! === 0) continue;
    cumulative += weights[i]!;
    last = i;
    if (threshold < cumulative) return i;
  }
  // Only a subnormal total: u * total rounds up to it when u is the largest number below one.
  return last;
}

/**
 * A chance that takes its uniforms from a tape. A coin is `u * denominator < numerator`: no division, no tolerance,
 * and a numerator of zero is never accepted, at u = 0 too (SPEC-ACCEPT-BOUNDARY).
 * The clocks of a race are the tape's uniforms of the slot and token, so the tape must answer those by name.
 * @throws {@link LawError} from `draw` and `race`, as {@link indexAt} does.
 */
export function sampled(tape: Tape): Chance<number> {
  return {
    accept: (slot, numerator, denominator) => tape.uniform(slot) * denominator < numerator,
    draw: (slot, weights) => indexAt(tape.uniform(slot), weights),
    race: (slot, weights) => raceWinner(weights, (token) => tape.uniform({ ...slot, token })),
  };
}
