import { argmax, softmax } from './softmax.ts';

/**
 * Removes tokens of a probability below epsilon, in place. The most likely token always stays, with all its ties; so
 * does a token exactly at the border.
 * @shape logits: [V]
 * @throws {@link LawError} as {@link softmax} does.
 * @source Hewitt et al. 2022, arXiv 2210.15191, section 4.1; transformers `generation/logits_process.py`
 * (`EpsilonLogitsWarper`)
 */
export function keepAtLeast(logits: Float64Array, epsilon: number): void {
  const largest = logits[argmax(logits)]!;
  const law = softmax(logits);
  for (let i = 0; i < law.length; i++) {
    if (law[i]! < epsilon && logits[i]! < largest) logits[i] = Number.NEGATIVE_INFINITY;
  }
}
