import { LawError } from '../errors.ts';

/**
 * The index that a uniform selects by inverse CDF in ascending order: the first i with
 * `u * total < w[0] + … + w[i]`. An index of weight zero is never returned, even at u = 0 (SPEC-DRAW-BOUNDARY).
 * @throws {@link LawError} when there is no mass, or a weight is negative or not finite.
 * @example
 * import assert from 'node:assert/strict';
 * import { indexAt } from 'turbo-lora/chance';
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
