import { argmax, softmax } from './softmax.ts';

/** `exp` of this and anything below is zero in float64. */
const NO_MASS = -746;

/**
 * Nucleus sampling, for p below 1: removes the least likely tokens as long as their total mass is at most `1 - p`, in
 * place; the most likely token always stays. As in the source, masses are summed in ascending order of probability and
 * `1 - p` is rounded to float64 first: both matter when a sum hits the border exactly.
 *
 * The source does not define which of several equally likely tokens is removed first. Here it is the highest id: lower
 * ids stay.
 * @shape logits: [V]
 * @throws {@link LawError} as {@link softmax} does.
 * @source Holtzman et al. 2019, arXiv 1904.09751, section 3.1; transformers `generation/logits_process.py`
 * (`TopPLogitsWarper`)
 */
export function keepTopP(logits: Float64Array, p: number): void {
  const largest = logits[argmax(logits)]!;
  // Plain numbers sort natively: at V = 150000 that is twice as fast as sorting ids with a comparator.
  const ascending = logits.filter((logit) => logit - largest > NO_MASS).sort();
  const law = softmax(ascending);
  let removed = 0;
  let mass = law[0]!;
  while (mass <= 1 - p && removed < law.length - 1) {
    removed += 1;
    mass += law[removed]!;
  }
  const border = ascending[removed]!;
  let room = 0; // for tokens exactly at the border
  for (let i = removed; ascending[i] === border; i++) room += 1;
  for (let i = 0; i < logits.length; i++) {
    if (logits[i]! > border) continue;
    if (logits[i] === border && room > 0) room -= 1;
    else logits[i] = Number.NEGATIVE_INFINITY;
  }
}
