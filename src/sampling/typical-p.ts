import { exp } from '../numerics/elementary.ts';
import { entropyOf, logProbabilities } from './entropy.ts';

/**
 * Keeps the most typical tokens, in place: those whose surprisal `-ln p` is nearest to the entropy of the distribution,
 * until their mass reaches `p`. Tokens as typical as the last of them stay too. The most likely token may be removed.
 * @shape logits: [V]
 * @throws {@link LawError} as {@link softmax} does.
 * @source Meister et al. 2022, arXiv 2202.00666, section 3; transformers `generation/logits_process.py`
 * (`TypicalLogitsWarper`)
 */
export function keepTypical(logits: Float64Array, p: number): void {
  const logs = logProbabilities(logits);
  const entropy = entropyOf(logs);
  const distances = logs.map((log) => Math.abs(-log - entropy));
  const ids = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]!); // stable sort: lower ids first
  let [mass, border] = [0, 0];
  for (const id of ids) {
    mass += exp(logs[id]!);
    border = distances[id]!;
    if (mass >= p) break;
  }
  for (let i = 0; i < logits.length; i++) if (distances[i]! > border) logits[i] = Number.NEGATIVE_INFINITY;
}
