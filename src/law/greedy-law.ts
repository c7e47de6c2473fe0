/**
 * Greedy decoding as a distribution: a point mass.
 * @packageDocumentation
 */
import { mostLikely } from '../chance/distribution.ts';
import { rational } from '../numerics/arithmetic.ts';
import type { ExactLaw } from './problem.ts';

/** The point mass on the most likely token, the lowest on ties. @shape law, result: [V] */
export function greedyLaw(law: ExactLaw): ExactLaw {
  const best = mostLikely(rational, law);
  return law.map((_, token) => (token === best ? rational.one : rational.zero));
}
