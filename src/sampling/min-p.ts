import { softmax } from './softmax.ts';

/**
 * Removes tokens of less than `minP` times the largest probability, in place. A token exactly at the border stays.
 * @shape logits: [V]
 * @throws {@link LawError} as {@link softmax} does.
 * @source Nguyen et al. 2024, arXiv 2407.01082, section 3; transformers `generation/logits_process.py`
 * (`MinPLogitsWarper`)
 */
export function keepMinP(logits: Float64Array, minP: number): void {
  const law = softmax(logits);
  let largest = 0;
  for (const mass of law) if (mass > largest) largest = mass;
  for (let i = 0; i < law.length; i++) if (law[i]! < minP * largest) logits[i] = Number.NEGATIVE_INFINITY;
}
