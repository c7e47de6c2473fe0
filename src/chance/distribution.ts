/**
 * Distributions over tokens as lists of weights.
 * @packageDocumentation
 */
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';

/** Weights divided by their sum; null when they have no mass. */
export function normalised<T>(arithmetic: Arithmetic<T>, weights: ArrayLike<T>): T[] | null {
  const total = sum(arithmetic, weights);
  if (arithmetic.compare(total, arithmetic.zero) <= 0) return null;
  return Array.from(weights, (weight) => arithmetic.divide(weight, total));
}

/** A law without one token, normalised; null when that token had all the mass. */
export function without<T>(arithmetic: Arithmetic<T>, law: ArrayLike<T>, token: number): T[] | null {
  return normalised(
    arithmetic,
    Array.from(law, (weight, i) => (i === token ? arithmetic.zero : weight)),
  );
}

/** The token of the largest weight, the lowest on ties. @shape law: [V] */
export function mostLikely<T>(arithmetic: Arithmetic<T>, law: ArrayLike<T>): number {
  let best = 0;
  for (let i = 1; i < law.length; i++) if (arithmetic.compare(law[i]!, law[best]!) > 0) best = i;
  return best;
}
