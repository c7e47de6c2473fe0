/**
 * Races of exponential clocks: one clock per token, and under a law w the winner is `argmin_i E_i / w_i`. That is a draw
 * from w, the same one as `argmax_i (log w_i + g_i)` with Gumbel noise `g_i = -log E_i`. Racing the same clocks under two
 * laws couples the draws: the closer the laws, the more often both have the same winner.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { type Arithmetic, sum } from './arithmetic.ts';
import { ln } from './elementary.ts';

/**
 * The first clock to ring: `argmin_i -log(1 - u_i) / w_i` over the tokens of positive weight, the lowest on ties.
 * `clock(i)` gives the uniform u_i in [0, 1) and is asked for those tokens only, in ascending order.
 * @throws {@link LawError} when there is no mass, or a weight is negative or not finite.
 * @source Maddison et al. 2014, arXiv 1411.0030 (the Gumbel-max trick)
 * @example
 * import assert from 'node:assert/strict';
 * import { raceWinner } from 'turbo-lora';
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

/**
 * Joint law of the winners of two races of the same clocks: `P(i wins under p and j wins under q)`. Laws need not be
 * normalised; exact where the arithmetic is.
 *
 * For `i = j` it is `1 / sum_y max(p_y / p_i, q_y / q_i)`. Otherwise, with t = r s the times at which j and i ring,
 * `p_i q_j int dr / (p_i + q_j r + sum_(k != i, j) max(p_k, q_k r))^2` for r from `p_j / q_j` to `p_i / q_i`. Between
 * the borders `p_k / q_k` the sum is a line `a + b r`, and `int_x^y dr / (a + b r)^2 = (y - x) / ((a + b x)(a + b y))`.
 * @shape p, q: [V]; result: [V][V]
 * @source Daliri et al. 2024, arXiv 2408.07978; the case `i != j` by integration over both ringing times
 * @example
 * import assert from 'node:assert/strict';
 * import { float64, jointRaceLaw } from 'turbo-lora';
 * assert.deepEqual(jointRaceLaw(float64, [0.5, 0.5], [0.25, 0.75])[0], [0.25, 0.25]);
 */
export function jointRaceLaw<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, q: ArrayLike<T>): T[][] {
  return Array.from(p, (_, i) => jointRaceRow(arithmetic, p, q, i));
}

/** Row i of {@link jointRaceLaw}: i wins under p, and each token under q. @shape p, q, result: [V] */
export function jointRaceRow<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, q: ArrayLike<T>, i: number): T[] {
  const [target, draft] = [normalised(arithmetic, p), normalised(arithmetic, q)];
  return draft.map((_, j) =>
    i === j ? sameWinner(arithmetic, target, draft, i) : twoWinners(arithmetic, target, draft, i, j),
  );
}

function normalised<T>(arithmetic: Arithmetic<T>, weights: ArrayLike<T>): T[] {
  const total = sum(arithmetic, weights);
  return Array.from(weights, (weight) => arithmetic.divide(weight, total));
}

/** `1 / sum_y max(p_y / p_i, q_y / q_i)`, written as `p_i q_i / sum_y max(p_y q_i, q_y p_i)`. */
function sameWinner<T>(arithmetic: Arithmetic<T>, p: readonly T[], q: readonly T[], i: number): T {
  const { zero, multiply, divide, compare } = arithmetic;
  const both = multiply(p[i]!, q[i]!);
  if (compare(both, zero) === 0) return zero;
  const slower = p.map((_, y) => larger(arithmetic, multiply(p[y]!, q[i]!), multiply(q[y]!, p[i]!)));
  return divide(both, sum(arithmetic, slower));
}

function twoWinners<T>(arithmetic: Arithmetic<T>, p: readonly T[], q: readonly T[], i: number, j: number): T {
  const { zero, multiply, divide, compare } = arithmetic;
  if (compare(p[i]!, zero) === 0 || compare(q[j]!, zero) === 0) return zero;
  const from = divide(p[j]!, q[j]!);
  const to = compare(q[i]!, zero) === 0 ? null : divide(p[i]!, q[i]!); // null: no upper end
  if (to !== null && compare(from, to) >= 0) return zero;
  const borders = bordersBetween(arithmetic, p, q, from, to);
  const pieces = borders.map((start, n) => {
    const end = n + 1 < borders.length ? borders[n + 1]! : to;
    return piece(arithmetic, p, q, [i, j], start, end);
  });
  return multiply(multiply(p[i]!, q[j]!), sum(arithmetic, pieces));
}

/** Where the integral's integrand changes its form: `from`, then every `p_k / q_k` inside, ascending. */
function bordersBetween<T>(arithmetic: Arithmetic<T>, p: readonly T[], q: readonly T[], from: T, to: T | null): T[] {
  const { zero, divide, compare } = arithmetic;
  const ratios = p.flatMap((mass, k) => (compare(q[k]!, zero) === 0 ? [] : [divide(mass, q[k]!)]));
  const inside = ratios.filter((ratio) => compare(ratio, from) > 0 && (to === null || compare(ratio, to) < 0));
  return [from, ...inside.sort(compare).filter((ratio, n, all) => n === 0 || compare(ratio, all[n - 1]!) !== 0)];
}

/** `int_start^end dr / (a + b r)^2` where the sum is the line `a + b r`; without an end `1 / (b (a + b start))`. */
function piece<T>(
  arithmetic: Arithmetic<T>,
  p: readonly T[],
  q: readonly T[],
  [i, j]: readonly [number, number],
  start: T,
  end: T | null,
): T {
  const { zero, one, add, subtract, multiply, divide, compare } = arithmetic;
  let [a, b] = [zero, zero];
  p.forEach((mass, k) => {
    // Inside the piece k rings by its p-time if p_k >= q_k r there, that is p_k / q_k above the start.
    const byTarget = k === i || (k !== j && compare(mass, multiply(q[k]!, start)) > 0);
    if (byTarget) a = add(a, mass);
    else b = add(b, q[k]!);
  });
  const low = add(a, multiply(b, start));
  if (end === null) return divide(one, multiply(b, low));
  return divide(subtract(end, start), multiply(low, add(a, multiply(b, end))));
}

function larger<T>({ compare }: Arithmetic<T>, a: T, b: T): T {
  return compare(a, b) >= 0 ? a : b;
}
