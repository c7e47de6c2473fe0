/**
 * Bans every token that would complete an n-gram which is in `seen`, in place: where n - 1 tokens of `seen` equal the last
 * n - 1 of the text, the token after them. An n of 1 bans all tokens of `seen`.
 *
 * `seen` is the text itself (no n-gram comes twice), or the prompt alone (none of the prompt comes again; called
 * `encoder_no_repeat_ngram_size` after encoder-decoder models).
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`NoRepeatNGramLogitsProcessor`,
 * `EncoderNoRepeatNGramLogitsProcessor`)
 */
export function banSeenNgrams(
  logits: Float64Array,
  seen: readonly number[],
  text: readonly number[],
  size: number,
): void {
  const suffix = text.length - (size - 1);
  for (let end = size - 1; end < seen.length; end++) {
    let length = 0;
    while (length < size - 1 && seen[end - (size - 1) + length] === text[suffix + length]) length += 1;
    if (length === size - 1) logits[seen[end]!] = Number.NEGATIVE_INFINITY;
  }
}
