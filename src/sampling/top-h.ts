import { ln } from '../numerics/elementary.ts';
import { softmax } from './softmax.ts';
import { keepTopK } from './top-k.ts';

/** The source considers at most this many tokens. */
const LIKELIEST = 100;

/**
 * Keeps the most likely tokens as long as their entropy terms `-p ln p` sum to at most `h` times the whole entropy, in
 * place; the most likely token always stays. Only the 100 most likely tokens are considered: probabilities and entropy
 * are computed over them, and all others are removed.
 *
 * Terms are summed in descending order of probability, and so is the entropy: an `h` of 1 keeps all hundred, which the
 * source leaves to rounding. Of equally likely tokens at a border, lower ids stay; the source does not define which.
 * @shape logits: [V]
 * @throws {@link LawError} as {@link softmax} does.
 * @source Potraghloo et al. 2025, arXiv 2509.02510; transformers `generation/logits_process.py` (`TopHLogitsWarper`)
 */
export function keepTopH(logits: Float64Array, h: number): void {
  const ids = likeliest(logits);
  const law = softmax(Float64Array.from(ids, (id) => logits[id]!));
  const terms = law.map((p) => -p * ln(p)); // NaN where p is 0: never at most the budget
  let entropy = 0;
  for (const term of terms) if (!Number.isNaN(term)) entropy += term;
  const kept = new Set<number>();
  let sum = 0;
  for (const [rank, id] of ids.entries()) {
    sum += terms[rank]!;
    if (rank === 0 || sum <= entropy * h) kept.add(id);
  }
  for (let i = 0; i < logits.length; i++) if (!kept.has(i)) logits[i] = Number.NEGATIVE_INFINITY;
}

/** Ids of the largest logits, descending, lower ids first among equal ones. */
function likeliest(logits: Float64Array): number[] {
  const large = logits.slice();
  keepTopK(large, LIKELIEST); // most of the vocabulary need not be sorted
  const ids = [...large.keys()].filter((id) => large[id] !== Number.NEGATIVE_INFINITY);
  return ids.sort((a, b) => large[b]! - large[a]!).slice(0, LIKELIEST); // stable sort: lower ids first
}
