import { softmax } from './softmax.ts';

/**
 * Nucleus: removes the least likely tokens as long as their mass together is at most `1 - p`, in place; the most likely one
 * always stays. Masses are summed in ascending order of probability, as the source does, and `1 - p` is rounded to
 * float64 first: both decide when a sum hits the border exactly.
 *
 * The source leaves open which of several equally likely tokens goes first. Here it is the highest id: lower ids stay.
 * @shape logits: [V]
 * @source Holtzman et al. 2019, arXiv 1904.09751, section 3.1; transformers `generation/logits_process.py` (`TopPLogitsWarper`)
 */
export function keepTopP(logits: Float64Array, p: number): void {
  const law = softmax(logits);
  const ascending: number[] = [];
  for (let i = 0; i < law.length; i++) if (logits[i] !== Number.NEGATIVE_INFINITY) ascending.push(i);
  ascending.sort((a, b) => logits[a]! - logits[b]! || b - a);
  const border = 1 - p;
  let mass = 0;
  for (const token of ascending.slice(0, -1)) {
    mass += law[token]!;
    if (mass > border) return;
    logits[token] = Number.NEGATIVE_INFINITY;
  }
}
