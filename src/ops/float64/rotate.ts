import { ShapeError } from '../../errors.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { Rotation } from '../ops.ts';

/**
 * Rotary position embedding: in each head, frequency i turns a plane of two dimensions a and b by its angle:
 *
 * `y[a] = x[a] cos(t_i) - x[b] sin(t_i)`, `y[b] = x[b] cos(t_i) + x[a] sin(t_i)`,
 *
 * with (a, b) = (i, i + F) of the first 2 F dimensions of a head, or (2 i, 2 i + 1) when interleaved. Dimensions after
 * those stay.
 * @shape x: [N, heads * Dh]; rotation: cos and sin of [N, F], 2 F the dimensions that are turned; result: as x
 * @throws {@link ShapeError} when the heads are not of one size, an odd number or more than all of their dimensions are
 * to turn, or the rotation has another number of rows or frequencies.
 * @source Su et al. 2021, arXiv 2104.09864 (interleaved); halves: transformers `modeling_llama.py` (`rotate_half`);
 * some dimensions only: `modeling_gpt_neox.py`
 */
export function rotate(x: Tensor, heads: number, rotation: Rotation): Tensor {
  const { data, start, rows, width } = rowsOf('rotary input', x);
  const headSize = width / heads;
  const planes = planesOf(rotation, rows, headSize, heads);
  const { cos, sin, interleaved = false } = rotation;
  const [step, apart] = interleaved ? [2, 1] : [1, planes];
  const y = zeros('rotated', [rows, width]);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      const to = row * width + head * headSize;
      const from = start + to;
      for (let i = 0; i < planes; i++) {
        const c = cos[row * planes + i]!;
        const s = sin[row * planes + i]!;
        const first = data[from + i * step]!;
        const second = data[from + i * step + apart]!;
        y.data[to + i * step] = first * c - second * s;
        y.data[to + i * step + apart] = second * c + first * s;
      }
      for (let i = 2 * planes; i < headSize; i++) y.data[to + i] = data[from + i]!;
    }
  }
  return y;
}

function planesOf(rotation: Rotation, rows: number, headSize: number, heads: number): number {
  const { cos, sin, dimensions = headSize } = rotation;
  const planes = dimensions / 2;
  if (!Number.isInteger(headSize) || !Number.isInteger(planes) || dimensions > headSize) {
    const expected = `${heads} heads of one size, an even number of their dimensions`;
    throw new ShapeError('rotary input', expected, `heads of ${headSize}, ${dimensions} dimensions`);
  }
  if (cos.length !== rows * planes || sin.length !== rows * planes) {
    throw new ShapeError('rotary angles', `${rows} rows of ${planes}`, `${cos.length} cosines, ${sin.length} sines`);
  }
  return planes;
}
