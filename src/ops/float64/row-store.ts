import { expectShape, rowsOf, type Tensor, tensor } from '../../numerics/tensor.ts';
import { checkKeptRows } from '../kept-rows.ts';
import type { RowStore } from '../ops.ts';

/** Rows in one buffer that doubles when it is full, so that appending n rows costs O(n) in all. */
export class Float64RowStore implements RowStore<Tensor> {
  #data: Float64Array;
  #length = 0;

  constructor(readonly width: number) {
    this.#data = new Float64Array(16 * width);
  }

  get length(): number {
    return this.#length;
  }

  /** The buffer; row r is `data[r * width …]`. Valid until the next append. */
  get data(): Float64Array {
    return this.#data;
  }

  /** The rows as a matrix (a view). */
  rows(): Tensor {
    return tensor('stored rows', this.#data.subarray(0, this.#length * this.width), [this.#length, this.width]);
  }

  /** Adds rows at the end. @shape rows: [n, width] @throws {@link ShapeError} when they have another width. */
  append(rows: Tensor): void {
    expectShape('appended rows', rows, [-1, this.width]);
    const raw = rowsOf('appended rows', rows);
    const needed = (this.#length + raw.rows) * this.width;
    if (needed > this.#data.length) {
      const grown = new Float64Array(Math.max(needed, 2 * this.#data.length));
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data.set(raw.data.subarray(raw.start, raw.start + raw.rows * this.width), this.#length * this.width);
    this.#length += raw.rows;
  }

  /**
   * Shortens the store to its first `length` rows, followed by `rows` moved down.
   * @throws {@link ShapeError} when a row is not stored or out of order.
   */
  keep(length: number, rows: readonly number[]): void {
    // All are checked before any moves: a refused call leaves the store as it was. In ascending order no row
    // overwrites one that is still to be moved.
    checkKeptRows(this.#length, length, rows);
    rows.forEach((row, i) => {
      this.#data.copyWithin((length + i) * this.width, row * this.width, (row + 1) * this.width);
    });
    this.#length = length + rows.length;
  }
}
