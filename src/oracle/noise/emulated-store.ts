import { rowsOf, type Tensor } from '../../numerics/tensor.ts';
import { checkKeptRows } from '../../ops/kept-rows.ts';
import type { RowStore } from '../../ops/ops.ts';

/** Keys or values of a short text: each append copies them all. */
export class EmulatedStore implements RowStore<Tensor> {
  data = new Float64Array(0);
  length = 0;

  constructor(readonly width: number) {}

  append(x: Tensor): void {
    const { data, start, rows } = rowsOf('appended rows', x);
    const grown = new Float64Array((this.length + rows) * this.width);
    grown.set(this.data);
    grown.set(data.subarray(start, start + rows * this.width), this.length * this.width);
    this.data = grown;
    this.length += rows;
  }

  /** @throws {@link ShapeError} when a row is not stored or out of order. */
  keep(length: number, rows: readonly number[]): void {
    checkKeptRows(this.length, length, rows);
    const kept = [...Array.from({ length }, (_, row) => row), ...rows];
    const data = new Float64Array(kept.length * this.width);
    for (const [i, row] of kept.entries()) {
      data.set(this.data.subarray(row * this.width, (row + 1) * this.width), i * this.width);
    }
    this.data = data;
    this.length = kept.length;
  }
}
