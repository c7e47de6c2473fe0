/** The adjoint of attention, for one query row. */
import type { AttentionShape } from '../../../src/ops/ops.ts';
import { addRow, type Node, rowOf, type StoredRow } from './nodes.ts';

/** Adds one query row's share to the adjoints of query, keys and values. */
export function attentionBack(
  query: Node,
  row: number,
  keys: readonly StoredRow[],
  values: readonly StoredRow[],
  { heads, keyValueHeads, headSize, scale = 1 / Math.sqrt(headSize) }: AttentionShape,
  adjoint: Float64Array,
): void {
  const part = (numbers: Float64Array, from: number): Float64Array => numbers.subarray(from, from + headSize);
  for (let head = 0; head < heads; head++) {
    const [at, column] = [head * headSize, Math.floor(head / (heads / keyValueHeads)) * headSize];
    const [q, g] = [part(rowOf(query.value, row), at), part(adjoint, at)];
    const k = keys.map((one) => part(rowOf(one.node.value, one.row), column));
    const v = values.map((one) => part(rowOf(one.node.value, one.row), column));
    const scores = k.map((one) => scale * dot(q, one));
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const weights = powers.map((power) => power / total);
    const slopes = v.map((one) => dot(g, one));
    const mean = weights.reduce((sum, weight, j) => sum + weight * slopes[j]!, 0);
    weights.forEach((weight, j) => {
      const slope = scale * weight * (slopes[j]! - mean);
      addRow(
        values[j]!.node,
        values[j]!.row,
        g.map((number) => weight * number),
        column,
      );
      addRow(
        query,
        row,
        k[j]!.map((number) => slope * number),
        at,
      );
      addRow(
        keys[j]!.node,
        keys[j]!.row,
        q.map((number) => slope * number),
        column,
      );
    });
  }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, number, i) => sum + number * b[i]!, 0);
