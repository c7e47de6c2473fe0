import { type Stored, widened } from '../../numerics/stored.ts';
import { expectShape, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { NormOptions } from '../ops.ts';
import { expectSum, gainOf, partSize } from './rms-norm.ts';

/**
 * Layer normalisation: `y[i] = gain[i] * ((x[i] - m) * (1 / sqrt(v + epsilon))) + bias[i]` with the mean
 * `m = (x[0] + x[1] + …) / D` and the variance `v = ((x[0] - m)^2 + (x[1] - m)^2 + …) / D`. Without a gain and a bias
 * they are 1 and 0; in parts, D is the size of a part.
 * @shape x: [N, D]; gain, bias: [D], or [D / parts] for all parts alike; result: [N, D]
 * @throws {@link ShapeError} when a length does not fit or the row does not divide into parts; {@link NonFiniteError}
 * when the sum of squares overflows or is NaN.
 * @source Ba et al. 2016, arXiv 1607.06450, equation 4; in parts: transformers `models/cohere/modeling_cohere.py`
 */
export function layerNorm(
  x: Tensor,
  gain: Stored | null,
  bias: Stored | null,
  epsilon: number,
  { offset = 0, parts = 1 }: NormOptions = {},
): Tensor {
  const { data, start, rows, width } = rowsOf('norm input', x);
  const size = partSize(width, parts);
  const g = gain === null ? null : gainOf(gain, width, size, offset);
  const b = bias === null ? null : biasOf(bias, width, size);
  const y = zeros('norm', [rows, width]);
  for (let part = 0; part < rows * parts; part++) {
    const [to, from] = [part * size, start + part * size];
    let sum = 0;
    for (let i = 0; i < size; i++) sum += data[from + i]!;
    const mean = sum / size;
    let squares = 0;
    for (let i = 0; i < size; i++) squares += (data[from + i]! - mean) * (data[from + i]! - mean);
    expectSum(`norm input, row ${Math.floor(part / parts)}`, squares);
    const factor = 1 / Math.sqrt(squares / size + epsilon);
    for (let i = 0; i < size; i++) {
      const normal = (data[from + i]! - mean) * factor;
      const scaled = g === null ? normal : g[(to + i) % g.length]! * normal;
      y.data[to + i] = b === null ? scaled : scaled + b[(to + i) % b.length]!;
    }
  }
  return y;
}

function biasOf(bias: Stored, width: number, size: number): Float64Array {
  if (bias.data.length !== width) expectShape('norm bias', bias, [size]);
  return widened(bias);
}
