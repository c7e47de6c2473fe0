/** Small sums over laws that chapters quote. */
import { mostLikelyTokens } from 'turbo-lora/draft';

export type Law = ArrayLike<number>;

/** The most likely tokens of a law, most likely first; none of probability zero. */
export const mostLikely = (law: Law, count: number): number[] =>
  mostLikelyTokens(law, count).filter((token) => law[token]! > 0);

/** `sum_x min(p(x), q(x))`: the probability that a drafted token is accepted. */
export function overlap(p: Law, q: Law): number {
  let total = 0;
  for (let x = 0; x < p.length; x++) total += Math.min(p[x]!, q[x]!);
  return total;
}

/** `sum_x abs(p(x) - q(x)) / 2`. */
export function totalVariation(p: Law, q: Law): number {
  let total = 0;
  for (let x = 0; x < p.length; x++) total += Math.abs(p[x]! - q[x]!);
  return total / 2;
}

/** Weights as a law. */
export function normalized(weights: Law): number[] {
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  return Array.from(weights, (weight) => weight / total);
}
