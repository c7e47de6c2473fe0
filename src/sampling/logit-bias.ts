/**
 * Adds a bias to the logits of some tokens, in place.
 * @shape logits: [V]
 * @source OpenAI API reference (`logit_bias`)
 */
export function addBias(logits: Float64Array, bias: ReadonlyMap<number, number>): void {
  for (const [token, value] of bias) logits[token]! += value;
}
