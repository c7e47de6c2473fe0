import { exp } from '../numerics/elementary.ts';
import { entropyOf, logProbabilities } from './entropy.ts';
import { keepAtLeast } from './epsilon-cutoff.ts';

/**
 * Removes tokens of a probability below `min(eta, sqrt(eta) exp(-entropy))`, in place: the flatter the distribution,
 * the lower the threshold. The most likely tokens always stay.
 * @shape logits: [V]
 * @throws {@link LawError} as {@link softmax} does.
 * @source Hewitt et al. 2022, arXiv 2210.15191, section 4.2; transformers `generation/logits_process.py`
 * (`EtaLogitsWarper`)
 */
export function keepEta(logits: Float64Array, eta: number): void {
  const entropy = entropyOf(logProbabilities(logits));
  keepAtLeast(logits, Math.min(eta, Math.sqrt(eta) * exp(-entropy)));
}
