/**
 * Makes tokens of the prompt more likely (penalty above 1): each distinct token of the prompt once;
 * `z < 0 ? z * (1 / penalty) : z / (1 / penalty)`. In place. A token of the prompt without a logit is ignored.
 *
 * The name comes from encoder-decoder models, where it keeps an answer close to the encoder's input. The input of a
 * decoder-only model is its prompt.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`EncoderRepetitionPenaltyLogitsProcessor`)
 */
export function rewardPrompt(logits: Float64Array, prompt: readonly number[], penalty: number): void {
  const inverse = 1 / penalty;
  for (const token of new Set(prompt)) {
    const logit = logits[token]!;
    logits[token] = logit < 0 ? logit * inverse : logit / inverse;
  }
}
