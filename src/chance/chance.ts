/**
 * A random choice, either sampled or enumerated. Acceptance rules and drafters ask a `Chance<T>` for every coin and
 * every token; they never see a generator or a seed.
 * @packageDocumentation
 */
import type { Slot } from './slot.ts';

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
   * the same slot share their exponential clocks E, so their winners are coupled; each slot has its own clocks.
   */
  race(slot: Slot, weights: ArrayLike<T>): number;
}
