import { ShapeError } from '../../errors.ts';
import { expectShape, rowOf, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { Columns } from '../ops.ts';

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
