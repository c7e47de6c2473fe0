import { NonFiniteError } from '../../errors.ts';
import { type Stored, widened } from '../../numerics/stored.ts';
import { expectShape, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';

/**
 * Root mean square normalisation: `y[i] = gain[i] * (x[i] * (1 / sqrt((x[0]^2 + x[1]^2 + …) / D + epsilon)))`.
 * @shape x: [N, D]; gain: [D]; result: [N, D]
 * @throws {@link ShapeError} when the gain's length is not D; {@link NonFiniteError} when the sum of squares overflows or is NaN: the
 * norm of a row of 1e200 would come out as zeros, which nothing after it could tell from a result.
 * @source Zhang & Sennrich 2019, arXiv 1910.07467, equation 4; transformers `models/llama/modeling_llama.py`
 */
export function rmsNorm(x: Tensor, gain: Stored, epsilon: number): Tensor {
  const { data, start, rows, width } = rowsOf('norm input', x);
  expectShape('norm gain', gain, [width]);
  const g = widened(gain);
  const y = zeros('norm', [rows, width]);
  for (let row = 0; row < rows; row++) {
    const at = start + row * width;
    let squares = 0;
    for (let i = 0; i < width; i++) squares += data[at + i]! * data[at + i]!;
    if (!(squares < Number.POSITIVE_INFINITY)) {
      throw new NonFiniteError(`norm input, row ${row}`, 'a finite sum of squares', `${squares}`);
    }
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let i = 0; i < width; i++) y.data[row * width + i] = g[i]! * (data[at + i]! * factor);
  }
  return y;
}
