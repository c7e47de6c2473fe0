/**
 * Sets the logits of tokens to minus infinity, in place. Serves banned tokens and the end of a text that is still too short.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`SuppressTokensLogitsProcessor`, `MinNewTokensLengthLogitsProcessor`)
 */
export function banTokens(logits: Float64Array, tokens: readonly number[]): void {
  for (const token of tokens) logits[token] = Number.NEGATIVE_INFINITY;
}
