/**
 * The ways in which a choice can go, each with its exact probability.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';

/** One way in which a choice can go. */
export interface Alternative<T> {
  readonly index: number;
  readonly probability: T;
}

/**
 * The sides of a coin that shows 1 with probability `min(1, numerator / denominator)`; those of probability zero are
 * left out.
 */
export function coinAlternatives<T>(arithmetic: Arithmetic<T>, numerator: T, denominator: T): Alternative<T>[] {
  if (arithmetic.compare(numerator, arithmetic.zero) <= 0) return [{ index: 0, probability: arithmetic.one }];
  if (arithmetic.compare(numerator, denominator) >= 0) return [{ index: 1, probability: arithmetic.one }];
  const yes = arithmetic.divide(numerator, denominator);
  return [
    { index: 0, probability: arithmetic.subtract(arithmetic.one, yes) },
    { index: 1, probability: yes },
  ];
}

/**
 * What a draw from weights can yield: index i with probability `w[i] / sum(w)`. Weights of zero are left out.
 * @throws {@link LawError} when there is no mass, or a weight is negative.
 */
export function drawAlternatives<T>(arithmetic: Arithmetic<T>, weights: ArrayLike<T>): Alternative<T>[] {
  const total = sum(arithmetic, weights);
  const alternatives: Alternative<T>[] = [];
  for (let index = 0; index < weights.length; index++) {
    const order = arithmetic.compare(weights[index]!, arithmetic.zero);
    if (order < 0) throw new LawError(`weight ${index}`, 'at least 0', String(weights[index]));
    if (order > 0) alternatives.push({ index, probability: arithmetic.divide(weights[index]!, total) });
  }
  if (alternatives.length === 0) throw new LawError('sum of weights', 'above 0', '0');
  return alternatives;
}
