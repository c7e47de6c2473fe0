/**
 * How long a text may get.
 * @packageDocumentation
 */
import type { Shaped } from '../ops/backend.ts';
import type { Transformer } from './weights.ts';

/**
 * The longest text that a model has positions for, in tokens, whatever its context length: Infinity unless they are
 * learned.
 */
export function mostTokens<W extends Shaped>({ embedding }: Pick<Transformer<W>, 'embedding'>): number {
  return embedding.positions?.table.shape[0] ?? Number.POSITIVE_INFINITY;
}
