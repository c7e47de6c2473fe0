/**
 * Makes these tokens the only possible ones, all equally likely, in place: their logits become 0, all others minus
 * infinity.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`ForcedBOSTokenLogitsProcessor`,
 * `ForcedEOSTokenLogitsProcessor`)
 */
export function forceTokens(logits: Float64Array, tokens: readonly number[]): void {
  logits.fill(Number.NEGATIVE_INFINITY);
  for (const token of tokens) logits[token] = 0;
}
