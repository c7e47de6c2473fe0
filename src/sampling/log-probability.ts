import { exp, ln } from '../numerics/elementary.ts';

/**
 * Log-probabilities of tokens in nats: `(z_i - max z) - ln sum_j exp(z_j - max z)`, summed from left to right. They are
 * NaN when a logit is NaN or plus infinity: sampling refuses such logits, unless it is told to replace them.
 * @shape logits: [V]
 * @example
 * import assert from 'node:assert/strict';
 * import { logSoftmax } from 'turbo-lora/sampling';
 * assert.equal(logSoftmax(Float64Array.of(1, 1))(0), -Math.LN2);
 */
export function logSoftmax(logits: Float64Array): (token: number) => number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > largest) largest = logits[i]!;
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += exp(logits[i]! - largest);
  const logTotal = ln(total);
  return (token) => logits[token]! - largest - logTotal;
}
