/**
 * Sets the logits of tokens to minus infinity, in place. An end-of-text token may be banned too.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`SuppressTokensLogitsProcessor`,
 * `SuppressTokensAtBeginLogitsProcessor`)
 */
export function banTokens(logits: Float64Array, tokens: readonly number[]): void {
  for (const token of tokens) logits[token] = Number.NEGATIVE_INFINITY;
}
