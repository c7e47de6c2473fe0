/**
 * Replaces values that are not finite numbers, in place: NaN becomes 0, plus and minus infinity become the largest and
 * the smallest finite number. Tokens that were removed before thereby become the least likely ones instead.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`InfNanRemoveLogitsProcessor`)
 */
export function replaceInvalid(logits: Float64Array): void {
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!;
    if (Number.isNaN(logit)) logits[i] = 0;
    else if (!Number.isFinite(logit)) logits[i] = Math.sign(logit) * Number.MAX_VALUE;
  }
}
