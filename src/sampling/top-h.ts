import { ln } from '../numerics/elementary.ts';
import { softmax } from './softmax.ts';
import { keepTopK } from './top-k.ts';

/** The source looks at no more tokens than these. */
const LIKELIEST = 100;

/**
 * Keeps the likeliest tokens as long as their terms `-p ln p` of the entropy together are at most `h` times the whole of it, in
 * place; the likeliest one always stays. Only the 100 likeliest are looked at: probabilities and entropy are theirs, and all
 * others go.
 *
 * Terms are summed in descending order of probability, the entropy too: so an `h` of 1 keeps all hundred, which the source
 * leaves to rounding. Of equally likely tokens at a border, lower ids stay; the source leaves that open.
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
  keepTopK(large, LIKELIEST); // most of a vocabulary need not be sorted
  const ids = [...large.keys()].filter((id) => large[id] !== Number.NEGATIVE_INFINITY);
  return ids.sort((a, b) => large[b]! - large[a]!).slice(0, LIKELIEST); // stable: lower ids first
}
