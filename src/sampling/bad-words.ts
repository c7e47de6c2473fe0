import { isNextOf } from './sequence-match.ts';

/**
 * Sets the logits of tokens that would complete a word to minus infinity, in place. A word that is a single end-of-text
 * token is ignored.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`NoBadWordsLogitsProcessor`)
 */
export function banWords(
  logits: Float64Array,
  text: readonly number[],
  words: readonly (readonly number[])[],
  eosTokens: readonly number[],
): void {
  for (const word of words) {
    if (word.length === 1 && eosTokens.includes(word[0]!)) continue;
    if (isNextOf(word, text)) logits[word.at(-1)!] = Number.NEGATIVE_INFINITY;
  }
}
