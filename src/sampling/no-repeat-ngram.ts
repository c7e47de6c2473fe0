import { isNextOf } from './sequence-match.ts';

/**
 * Bans every token that would complete an n-gram that occurs in `seen`, in place: wherever n - 1 tokens of `seen` equal
 * the last n - 1 of the text, the token after them. An n of 1 bans all tokens of `seen`.
 *
 * `seen` is either the text itself (no n-gram occurs twice) or the prompt alone (no n-gram of the prompt is repeated;
 * called
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
  for (let end = size; end <= seen.length; end++) {
    const ngram = seen.slice(end - size, end);
    if (isNextOf(ngram, text)) logits[ngram.at(-1)!] = Number.NEGATIVE_INFINITY;
  }
}
