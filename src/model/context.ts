/**
 * How long a text may get.
 * @packageDocumentation
 */
import type { Shaped } from '../ops/backend.ts';
import type { Transformer } from './weights.ts';

/**
 * The longest text that a model has positions for, in tokens, whatever its context length: as many as it has learned,
 * or the original context of longrope, past which all angles change. Infinity where neither is the case.
 */
export function mostTokens<W extends Shaped>({
  embedding,
  blocks,
}: Pick<Transformer<W>, 'embedding' | 'blocks'>): number {
  const scalings = blocks.map(({ attention: { rotary } }) => rotary?.config.scaling);
  const turned = scalings.flatMap((scaling) => (scaling?.type === 'longrope' ? [scaling.originalContext] : []));
  return Math.min(embedding.positions?.table.shape[0] ?? Number.POSITIVE_INFINITY, ...turned);
}
