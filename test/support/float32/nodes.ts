/** Results of operations that remember how they came about. */
import { matrixShape, type Tensor, zeros } from '../../../src/numerics/tensor.ts';
import type { Ops, RowStore } from '../../../src/ops/ops.ts';

/** A result of an operation: its numbers, what float32 may add to each, and df / dy once that has been asked for. */
export class Node {
  readonly shape: readonly [number, number];
  adjoint: Float64Array;

  constructor(
    readonly value: Tensor,
    readonly bound: Float64Array,
    /** Adds to the adjoints of the operands. */
    readonly back: (adjoint: Tensor) => void,
  ) {
    this.shape = matrixShape('value', value);
    this.adjoint = new Float64Array(value.data.length);
  }

  add(adjoint: Tensor): void {
    for (let i = 0; i < this.adjoint.length; i++) this.adjoint[i]! += adjoint.data[adjoint.offset + i]!;
  }
}

/** A row of a result. */
export interface StoredRow {
  readonly node: Node;
  readonly row: number;
}

/** Keys or values that remember which results they came from. */
export class NodeStore implements RowStore<Node> {
  rows: StoredRow[] = [];

  get length(): number {
    return this.rows.length;
  }

  append(node: Node): void {
    for (let row = 0; row < node.shape[0]; row++) this.rows.push({ node, row });
  }

  keep(length: number, rows: readonly number[]): void {
    this.rows = [...this.rows.slice(0, length), ...rows.map((row) => this.rows[row]!)];
  }

  /** The rows as numbers in a store of another kind. */
  into<T>(ops: Pick<Ops<T, never>, 'newStore'>, of: (rows: Tensor) => T): RowStore<T> {
    const width = this.rows[0]!.node.shape[1];
    const all = zeros('stored', [this.rows.length, width]);
    for (const [i, { node, row }] of this.rows.entries()) all.data.set(rowOf(node.value, row), i * width);
    const store = ops.newStore(width);
    store.append(of(all));
    return store;
  }
}

export const rowOf = (x: Tensor, row: number): Float64Array => {
  const width = x.shape[1]!;
  return x.data.subarray(x.offset + row * width, x.offset + (row + 1) * width);
};

/** Adds to the adjoint of a row, from a column on. */
export function addRow(node: Node, row: number, numbers: Float64Array, column = 0): void {
  const at = row * node.shape[1] + column;
  for (let i = 0; i < numbers.length; i++) node.adjoint[at + i]! += numbers[i]!;
}
