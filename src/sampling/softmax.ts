import { LawError } from '../errors.ts';
import { exp } from '../numerics/elementary.ts';

/**
 * `exp(z_i - max z) / sum_j exp(z_j - max z)`, summed from left to right.
 * @shape logits, result: [V]
 * @throws {@link LawError} when a logit is NaN or plus infinity, or all are minus infinity.
 * @example
 * import assert from 'node:assert/strict';
 * import { softmax } from 'turbo-lora/sampling';
 * assert.deepEqual([...softmax(Float64Array.of(0, -Infinity, 0))], [0.5, 0, 0.5]);
 */
export function softmax(logits: Float64Array): Float64Array {
  const largest = logits[argmax(logits)]!;
  const law = new Float64Array(logits.length);
  let total = 0;
  for (let i = 0; i < logits.length; i++) {
    // exp(-inf) is 0; a removed token costs nothing.
    if (logits[i] !== Number.NEGATIVE_INFINITY) law[i] = exp(logits[i]! - largest);
    total += law[i]!;
  }
  for (let i = 0; i < law.length; i++) law[i]! /= total;
  return law;
}

/**
 * Index of the largest logit, the lowest index on ties.
 * @shape logits: [V]
 * @throws {@link LawError} when a logit is NaN or plus infinity, or all are minus infinity.
 * @example
 * import assert from 'node:assert/strict';
 * import { argmax } from 'turbo-lora/sampling';
 * assert.equal(argmax([1, 3, 3]), 1);
 */
export function argmax(logits: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!;
    if (!(logit < Number.POSITIVE_INFINITY)) throw new LawError(`logit ${i}`, 'a number below infinity', `${logit}`);
    if (logit > (best < 0 ? Number.NEGATIVE_INFINITY : logits[best]!)) best = i;
  }
  if (best < 0) throw new LawError('logits', 'at least one above minus infinity', 'none');
  return best;
}
