import { pow } from '../numerics/elementary.ts';

/**
 * Makes the end of a text more and more likely after `start` generated tokens (factor above 1), in place: `z + |z|
 * (factor^n - 1)` for each end-of-text token, with `n` the number of generated tokens beyond `start`. A removed token
 * stays removed.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`ExponentialDecayLengthPenalty`)
 */
export function favourEos(
  logits: Float64Array,
  generated: number,
  [start, factor]: readonly [start: number, factor: number],
  eosTokens: readonly number[],
): void {
  const growth = pow(factor, Math.max(0, generated - start)) - 1;
  for (const token of new Set(eosTokens)) {
    const logit = logits[token]!;
    if (Number.isFinite(logit)) logits[token] = logit + Math.abs(logit) * growth;
  }
}
