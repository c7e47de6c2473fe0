/**
 * Replaces what is not a finite number, in place: NaN becomes 0, plus and minus infinity the largest and the smallest finite
 * number. Tokens that were removed before are thereby merely as unlikely as can be.
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
