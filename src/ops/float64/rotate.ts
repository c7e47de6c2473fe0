import { ShapeError } from '../../errors.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { Rotation } from '../ops.ts';

/**
 * Rotary position embedding in the half-split layout: within each head, element i and element i + Dh/2 are the two
 * coordinates of a plane that is turned by the angle of frequency i.
 *
 * `y[i] = x[i] cos(a_i) - x[i + Dh/2] sin(a_i)`, `y[i + Dh/2] = x[i + Dh/2] cos(a_i) + x[i] sin(a_i)`.
 * @shape x: [N, heads * Dh]; rotation: cos and sin of [N, Dh/2]; result: as x
 * @throws {@link ShapeError} when the heads are not of one even size, or the rotation has another number of rows or frequencies.
 * @source Su et al. 2021, arXiv 2104.09864; layout of transformers `modeling_llama.py` (`rotate_half`)
 */
export function rotate(x: Tensor, heads: number, rotation: Rotation): Tensor {
  const { data, start, rows, width } = rowsOf('rotary input', x);
  const headSize = width / heads;
  const half = headSize / 2;
  if (!Number.isInteger(half)) throw new ShapeError('rotary input', `${heads} heads of an even size`, `width ${width}`);
  if (rotation.cos.length !== rows * half || rotation.sin.length !== rows * half) {
    throw new ShapeError('rotary angles', `${rows} rows of ${half}`, `${rotation.cos.length} numbers`);
  }
  const y = zeros('rotated', [rows, width]);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      const to = row * width + head * headSize;
      const from = start + to;
      for (let i = 0; i < half; i++) {
        const c = rotation.cos[row * half + i]!;
        const s = rotation.sin[row * half + i]!;
        const first = data[from + i]!;
        const second = data[from + half + i]!;
        y.data[to + i] = first * c - second * s;
        y.data[to + half + i] = second * c + first * s;
      }
    }
  }
  return y;
}
