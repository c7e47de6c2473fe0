/**
 * Low-rank adaptation of linear layers.
 * @packageDocumentation
 */
import type { Linear } from '../model/linear.ts';
import type { Ops } from '../ops/ops.ts';

/** What LoRA adds to one linear layer: `y = W x + b + scale * B (A x)`. */
export interface LowRank<W> {
  /** @shape [r, in] */
  readonly a: W;
  /** @shape [out, r] */
  readonly b: W;
  /** alpha / r, or alpha / sqrt(r) for rsLoRA; r and alpha are the layer's own. */
  readonly scale: number;
  /**
   * A weight that replaces the base's W, where the adapter's file holds one.
   * @shape [out, in]
   */
  readonly weight?: W;
}

/** A LoRA adapter: low-rank updates by module path. */
export interface Adapter<W> {
  readonly name: string;
  readonly updates: ReadonlyMap<string, LowRank<W>>;
}

/** Consecutive rows of a batch that belong to one request, and the adapter that this request uses. */
export interface Lane<W> {
  readonly rows: number;
  readonly adapter: Adapter<W> | null;
}

/**
 * A linear layer over a batch in which every lane has its own adapter (or none):
 * `y = W x + b + scale * B (A x)` with each lane's A, B and scale.
 * @shape x: [N, in], N the sum of the lanes' rows; result: [N, out]
 * @source Hu et al. 2021, arXiv 2106.09685, section 4.1; scale of rsLoRA: Kalajdzievski 2023, arXiv 2312.03732
 */
export function linearWithLora<T, W>(ops: Ops<T, W>, x: T, layer: Linear<W>, lanes: readonly Lane<W>[]): T {
  const updates = lanes.map((lane) => lane.adapter?.updates.get(layer.path));
  if (lanes.length === 1) return updated(ops, x, layer, updates[0]);
  const y = ops.linear(x, layer.weight, layer.bias);
  if (updates.every((update) => update === undefined)) return y;
  let from = 0;
  const parts = lanes.map((lane, i) => {
    const rows = Array.from({ length: lane.rows }, (_, row) => from + row);
    from += lane.rows;
    const [update, part] = [updates[i], ops.pickRows(y, rows)];
    if (update === undefined) return part;
    const input = ops.pickRows(x, rows);
    return update.weight === undefined ? addUpdate(ops, input, part, update) : updated(ops, input, layer, update);
  });
  return ops.stackRows(parts);
}

function updated<T, W>(ops: Ops<T, W>, x: T, layer: Linear<W>, update: LowRank<W> | undefined): T {
  const y = ops.linear(x, update?.weight ?? layer.weight, layer.bias);
  return update === undefined ? y : addUpdate(ops, x, y, update);
}

function addUpdate<T, W>(ops: Ops<T, W>, x: T, y: T, { a, b, scale }: LowRank<W>): T {
  return ops.addScaled(y, scale, ops.linear(ops.linear(x, a, null), b, null));
}
