import { banTokens } from './banned-tokens.ts';

/**
 * Bans every end-of-text token while fewer than `minNewTokens` tokens were generated, in place. The prompt is not
 * counted; without end-of-text tokens there is nothing to ban.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`MinNewTokensLengthLogitsProcessor`)
 */
export function holdBackEos(
  logits: Float64Array,
  generated: number,
  minNewTokens: number,
  eosTokens: readonly number[],
): void {
  if (generated < minNewTokens) banTokens(logits, eosTokens);
}
