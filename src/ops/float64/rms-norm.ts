import { NonFiniteError, ShapeError } from '../../errors.ts';
import { type Stored, widened } from '../../numerics/stored.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { NormOptions } from '../ops.ts';

/**
 * Root mean square normalisation: `y[i] = gain[i] * (x[i] * (1 / sqrt((x[0]^2 + x[1]^2 + …) / D + epsilon)))`. With an
 * offset the factor is `offset + gain[i]`; in parts, D is the size of a part.
 * @shape x: [N, D]; gain: [D], or [D / parts] for all parts alike; result: [N, D]
 * @throws {@link ShapeError} when the gain's length does not fit or the row does not divide into parts;
 * {@link NonFiniteError} when a sum of squares overflows or is NaN: the norm of a row of 1e200 would come out as zeros,
 * which nothing after it could tell from a result.
 * @source Zhang & Sennrich 2019, arXiv 1910.07467, equation 4; transformers `models/llama/modeling_llama.py`; offset:
 * `models/gemma/modeling_gemma.py`
 */
export function rmsNorm(x: Tensor, gain: Stored, epsilon: number, { offset = 0, parts = 1 }: NormOptions = {}): Tensor {
  const { data, start, rows, width } = rowsOf('norm input', x);
  const size = partSize(width, parts);
  const g = gainOf(gain, width, size, offset);
  const y = zeros('norm', [rows, width]);
  for (let part = 0; part < rows * parts; part++) {
    const [to, from] = [part * size, start + part * size];
    let squares = 0;
    for (let i = 0; i < size; i++) squares += data[from + i]! * data[from + i]!;
    expectSum(`norm input, row ${Math.floor(part / parts)}`, squares);
    const factor = 1 / Math.sqrt(squares / size + epsilon);
    const gainAt = (part * size) % g.length;
    for (let i = 0; i < size; i++) y.data[to + i] = g[gainAt + i]! * (data[from + i]! * factor);
  }
  return y;
}

/**
 * Columns per part of a row.
 * @throws {@link ShapeError} when they do not divide.
 */
export function partSize(width: number, parts: number): number {
  if (Number.isInteger(parts) && parts > 0 && width % parts === 0) return width / parts;
  throw new ShapeError('parts of a norm', `a divisor of ${width} columns`, `${parts}`);
}

/**
 * The factors of a norm, `offset + gain`, for one part or for all of a row.
 * @throws {@link ShapeError} when it has neither `size` nor `width` numbers.
 */
export function gainOf(gain: Stored, width: number, size: number, offset: number): Float64Array {
  const count = gain.data.length;
  if (count !== width && count !== size) throw new ShapeError('norm gain', `${size} numbers`, `${count}`);
  const wide = widened(gain);
  return offset === 0 ? wide : wide.map((g) => offset + g);
}

/**
 * Asserts that the squares of a row have a finite sum.
 * @throws {@link NonFiniteError} when not.
 */
export function expectSum(label: string, squares: number): void {
  if (!(squares < Number.POSITIVE_INFINITY)) throw new NonFiniteError(label, 'a finite sum of squares', `${squares}`);
}
