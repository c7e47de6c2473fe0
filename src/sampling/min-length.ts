import { banTokens } from './banned-tokens.ts';

/**
 * Bans every end-of-text token while the text is shorter than the minimum, in place. The minimum counts generated
 * tokens
 * (`min_new_tokens`) or includes the prompt (`min_length`). Without end-of-text tokens it has no effect.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`MinNewTokensLengthLogitsProcessor`, `MinLengthLogitsProcessor`)
 */
export function holdBackEos(logits: Float64Array, length: number, least: number, eosTokens: readonly number[]): void {
  if (length < least) banTokens(logits, eosTokens);
}
