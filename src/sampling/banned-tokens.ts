/**
 * Sets the logits of tokens to minus infinity, in place. An end-of-text token may be banned too: `suppress_tokens`
 * of the source allows it, its `bad_words_ids` passes over it.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`NoBadWordsLogitsProcessor`, words of one token;
 * `SuppressTokensLogitsProcessor`)
 */
export function banTokens(logits: Float64Array, tokens: readonly number[]): void {
  for (const token of tokens) logits[token] = Number.NEGATIVE_INFINITY;
}
