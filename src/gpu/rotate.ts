import { ShapeError } from '../errors.ts';
import type { Rotation } from '../ops/ops.ts';
import type { Device, KernelSource } from './device.ts';
import { type GpuTensor, gpuTensor, rowInput } from './tensor.ts';

const ROTATE: KernelSource = {
  name: 'rotate',
  source: `function (x, cos, sin, partner, within) {
    const place = within[0][this.thread.x];
    const other = partner[0][this.thread.x];
    const turned = x[this.thread.y][this.thread.x] * cos[this.thread.y][place];
    return turned + x[this.thread.y][other] * sin[this.thread.y][place];
  }`,
};

/**
 * Rotary position embedding. Every column of the result is `x cos + partner sin`, where the partner is the other
 * dimension of its plane and the sine carries the sign. A column that is not turned is its own partner, with cosine 1
 * and sine 0.
 * @shape x: [N, heads * Dh]; rotation: cos and sin of [N, F], 2 F the dimensions that are turned; result: as x
 * @throws {@link ShapeError} when the heads are not of one size, an odd number or more than all of their dimensions are
 * to turn, or the rotation has another number of rows or frequencies.
 */
export function rotate(device: Device, x: GpuTensor, heads: number, rotation: Rotation): GpuTensor {
  const [rows, width] = x.shape;
  const size = width / heads;
  const { dimensions = size } = rotation;
  const planes = dimensions / 2;
  if (!Number.isInteger(size) || !Number.isInteger(planes) || dimensions > size) {
    const expected = `${heads} heads of one size, an even number of their dimensions`;
    throw new ShapeError('rotary input', expected, `heads of ${size}, ${dimensions} dimensions`);
  }
  const [cosines, sines] = [rotation.cos.length, rotation.sin.length];
  if (cosines !== rows * planes || sines !== rows * planes) {
    throw new ShapeError('rotary angles', `${rows} rows of ${planes}`, `${cosines} cosines, ${sines} sines`);
  }
  const { cos, sin, partner } = anglesOf(rotation, rows, size, planes);
  const columns = Array.from({ length: width }, (_, column) => column);
  const partners = columns.map((column) => column - (column % size) + partner[column % size]!);
  return gpuTensor(
    device.run(
      ROTATE,
      [width, rows],
      [
        x.array,
        device.input(cos, [size, rows]),
        device.input(sin, [size, rows]),
        rowInput(device, partners),
        rowInput(
          device,
          columns.map((column) => column % size),
        ),
      ],
    ),
  );
}

/** Cosines and signed sines for every dimension of a head, and the dimension that each is turned with. */
function anglesOf(
  { cos, sin, interleaved = false }: Rotation,
  rows: number,
  size: number,
  planes: number,
): { cos: Float32Array; sin: Float32Array; partner: number[] } {
  const [step, apart] = interleaved ? [2, 1] : [1, planes];
  const partner = Array.from({ length: size }, (_, i) => i);
  const all = { cos: new Float32Array(rows * size).fill(1), sin: new Float32Array(rows * size), partner };
  for (let i = 0; i < planes; i++) {
    const [first, second] = [i * step, i * step + apart];
    [partner[first], partner[second]] = [second, first];
    for (let row = 0; row < rows; row++) {
      all.cos[row * size + first] = all.cos[row * size + second] = cos[row * planes + i]!;
      all.sin[row * size + first] = -sin[row * planes + i]!;
      all.sin[row * size + second] = sin[row * planes + i]!;
    }
  }
  return all;
}
