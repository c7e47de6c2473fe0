import { ShapeError } from '../../errors.ts';
import { expectShape, rowOf, rowsOf, type Tensor, tensor, zeros } from '../../numerics/tensor.ts';
import type { Columns, RowStore } from '../ops.ts';

/**
 * A selection of rows, copied in the order given.
 * @shape x: [N, D]; result: [rows.length, D]
 * @throws {@link ShapeError} when a row is not in the tensor.
 */
export function pickRows(x: Tensor, rows: readonly number[]): Tensor {
  const { width } = rowsOf('rows', x);
  const y = zeros('picked rows', [rows.length, width]);
  rows.forEach((row, i) => {
    y.data.set(rowOf('picked', x, row), i * width);
  });
  return y;
}

/**
 * Matrices of one width on top of each other.
 * @shape parts: [Ni, D] each; result: [sum of Ni, D]
 * @throws {@link ShapeError} when there are none or their widths differ.
 */
export function stackRows(parts: readonly Tensor[]): Tensor {
  const first = parts[0];
  if (first === undefined) throw new ShapeError('stacked parts', 'at least one', 'none');
  const width = first.shape[1]!;
  const y = zeros('stacked rows', [parts.reduce((rows, part) => rows + part.shape[0]!, 0), width]);
  let at = 0;
  for (const part of parts) {
    expectShape('stacked part', part, [-1, width]);
    const { data, start, rows } = rowsOf('stacked part', part);
    y.data.set(data.subarray(start, start + rows * width), at);
    at += rows * width;
  }
  return y;
}

/**
 * A selection of columns, copied group by group.
 * @shape x: [N, D]; result: [N, count * size]
 * @throws {@link ShapeError} when a column is not in the matrix.
 */
export function pickColumns(x: Tensor, { from, size, stride, count }: Columns): Tensor {
  const { data, start, rows, width } = rowsOf('columns', x);
  const last = from + (count - 1) * stride + size;
  if (![from, size, stride, count].every((n) => Number.isInteger(n) && n >= 0) || last > width) {
    throw new ShapeError('picked columns', `within ${width}`, `${count} times ${size} from ${from}, ${stride} apart`);
  }
  const y = zeros('picked columns', [rows, count * size]);
  for (let group = 0; group < rows * count; group++) {
    const at = start + Math.floor(group / count) * width + from + (group % count) * stride;
    y.data.set(data.subarray(at, at + size), group * size);
  }
  return y;
}

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
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new ShapeError('kept rows', `an integer in [0, ${this.#length}]`, `${length}`);
    }
    let first = length;
    for (const row of rows) {
      if (!Number.isInteger(row) || row < first || row >= this.#length) {
        throw new ShapeError('kept row', `an ascending row in [${first}, ${this.#length})`, `${row}`);
      }
      first = row + 1;
    }
    rows.forEach((row, i) => {
      this.#data.copyWithin((length + i) * this.width, row * this.width, (row + 1) * this.width);
    });
    this.#length = length + rows.length;
  }
}
