/**
 * Makes tokens of the text less likely (penalty above 1): each distinct token of prompt and generated text once,
 * whatever its count; `z < 0 ? z * penalty : z / penalty`. In place. A token of the text without a logit is ignored, as
 * in the source: a write past the end of a typed array is lost.
 * @shape logits: [V]
 * @source Keskar et al. 2019, arXiv 1909.05858, section 4.1; transformers `generation/logits_process.py`
 * (`RepetitionPenaltyLogitsProcessor`)
 */
export function penalizeRepetition(logits: Float64Array, text: readonly number[], penalty: number): void {
  for (const token of new Set(text)) {
    const logit = logits[token]!;
    logits[token] = logit < 0 ? logit * penalty : logit / penalty;
  }
}
