import { exp, ln } from '../numerics/elementary.ts';
import { argmax } from './softmax.ts';

/**
 * Log-probabilities in nats: `z_i - max z - ln sum_j exp(z_j - max z)`; minus infinity where a token was removed.
 * @shape logits, result: [V]
 * @throws {@link LawError} as {@link argmax} does.
 */
export function logProbabilities(logits: Float64Array): Float64Array {
  const largest = logits[argmax(logits)]!;
  let total = 0;
  for (const logit of logits) total += exp(logit - largest);
  const log = ln(total);
  return logits.map((logit) => logit - largest - log);
}

/**
 * Entropy of a distribution in nats, `-sum_i p_i ln p_i`, summed from left to right; a token without mass adds nothing.
 * @shape logProbabilities: [V]
 */
export function entropyOf(logProbabilities: Float64Array): number {
  let entropy = 0;
  for (const log of logProbabilities) if (log !== Number.NEGATIVE_INFINITY) entropy -= exp(log) * log;
  return entropy;
}
