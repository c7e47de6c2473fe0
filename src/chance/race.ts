/**
 * Races of exponential clocks: one clock per token, and under a law w the winner is `argmin_i E_i / w_i`. That is a
 * draw from w, the same one as `argmax_i (log w_i + g_i)` with Gumbel noise `g_i = -log E_i`. Racing the same clocks
 * under two laws couples the draws: the closer the laws, the more often both have the same winner.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { ln } from '../numerics/elementary.ts';

/**
 * The first clock to ring: `argmin_i -log(1 - u_i) / w_i` over the tokens of positive weight, the lowest on ties.
 * `clock(i)` gives the uniform u_i in [0, 1) and is asked for those tokens only, in ascending order.
 * @throws {@link LawError} when there is no mass, or a weight is negative or not finite.
 * @source Maddison et al. 2014, arXiv 1411.0030 (the Gumbel-max trick)
 * @example
 * import assert from 'node:assert/strict';
 * import { raceWinner } from 'turbo-lora/chance';
 * assert.equal(raceWinner([0.5, 0.5], (token) => [0.9, 0.1][token]!), 1);
 * assert.equal(raceWinner([0.99, 0.01], (token) => [0.9, 0.1][token]!), 0);
 */
export function raceWinner(weights: ArrayLike<number>, clock: (token: number) => number): number {
  let winner = -1;
  let first = Number.POSITIVE_INFINITY;
  for (let token = 0; token < weights.length; token++) {
    const weight = weights[token]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new LawError(`weight ${token}`, 'a finite number of at least 0', `${weight}`);
    }
    if (weight === 0) continue;
    const rings = -ln(1 - clock(token)) / weight;
    // The first token of positive weight wins even when every quotient overflows.
    if (winner >= 0 && !(rings < first)) continue;
    winner = token;
    first = rings;
  }
  if (winner < 0) throw new LawError('sum of weights', 'a finite number above 0', '0');
  return winner;
}
