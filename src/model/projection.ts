/**
 * Linear layers that read the same rows, each with its own matrix or fused into one.
 * @packageDocumentation
 */
import { type Lane, linearWithLora } from '../adapters/lora.ts';
import type { Columns, Ops } from '../ops/ops.ts';
import type { Linear } from './linear.ts';

/**
 * What one role (query, key, gate, …) takes from a linear layer: all outputs, or some columns of the outputs of a fused
 * layer, which several roles share.
 */
export interface Projection<W> {
  readonly linear: Linear<W>;
  readonly columns: Columns | null;
}

/** The same projections over other weights. Projections that share a layer share the new one, too. */
export function mapProjections<V, W>(
  projections: readonly Projection<V>[],
  to: (linear: Linear<V>) => Linear<W>,
): Projection<W>[] {
  const known = new Map<Linear<V>, Linear<W>>();
  return projections.map(({ linear, columns }) => {
    const mapped = known.get(linear) ?? to(linear);
    known.set(linear, mapped);
    return { linear: mapped, columns };
  });
}

/** The layers of some projections, each once. */
export function distinctLinears<W>(projections: readonly Projection<W>[]): Linear<W>[] {
  return [...new Set(projections.map(({ linear }) => linear))];
}

/**
 * Several projections of the same rows, with each lane's LoRA. A fused layer is multiplied once.
 * @shape x: [N, in]; result: one [N, outputs of the role] per projection
 */
export function project<T, W>(
  ops: Ops<T, W>,
  lanes: readonly Lane<W>[],
  projections: readonly Projection<W>[],
  x: T,
): T[] {
  let last: Linear<W> | null = null; // those that share a layer are next to each other
  let all: T | null = null;
  return projections.map(({ linear, columns }) => {
    if (linear !== last) all = linearWithLora(ops, x, linear, lanes);
    last = linear;
    return columns === null ? all! : ops.pickColumns(all!, columns);
  });
}
