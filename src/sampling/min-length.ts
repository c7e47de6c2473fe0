import { banTokens } from './banned-tokens.ts';

/**
 * Bans every end-of-text token while a text has fewer than the least number of tokens, in place: of generated ones
 * (`min_new_tokens`), or with the prompt (`min_length`). Without end-of-text tokens there is nothing to ban.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`MinNewTokensLengthLogitsProcessor`, `MinLengthLogitsProcessor`)
 */
export function holdBackEos(logits: Float64Array, length: number, least: number, eosTokens: readonly number[]): void {
  if (length < least) banTokens(logits, eosTokens);
}
