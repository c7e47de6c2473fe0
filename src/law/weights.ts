import type Fraction from 'fraction.js';
import { rational, sum } from '../numerics/arithmetic.ts';

/** Weights divided by their sum, which must be above zero. */
export function normalised(weights: readonly Fraction[]): Fraction[] {
  const total = sum(rational, weights);
  return weights.map((weight) => weight.div(total));
}
