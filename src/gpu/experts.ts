/**
 * Mixtures of experts.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import { expectShape, tensor } from '../numerics/tensor.ts';
import { chooseExperts as chooseInFloat64 } from '../ops/float64/experts.ts';
import type { ExpertResult, ExpertShare } from '../ops/ops.ts';
import type { Device, KernelSource } from './device.ts';
import { type GpuTensor, gpuTensor, rowInput } from './tensor.ts';

const MIX: KernelSource = {
  name: 'mix rows',
  source: `function (sum, x, place, weight) {
    const before = sum[this.thread.y][this.thread.x];
    const row = place[0][this.thread.y];
    if (row < 0) { return before; }
    return before + weight[0][this.thread.y] * x[row][this.thread.x];
  }`,
};

/**
 * The experts of each row, chosen on the host: which experts were chosen decides which kernels run next.
 *
 * The logits are read back for it, so the host waits for the device once per layer with experts, in the middle of the
 * pass. A pass through L such layers makes L + 1 read-backs, where other models make one. In mode `webasm` the numbers
 * are in ordinary memory, and the read-back is a copy of N times `experts` numbers.
 * @shape logits: [N, experts]; result: one share per expert, its rows ascending
 * @throws {@link ShapeError} when there are not as many experts.
 */
export function chooseExperts(device: Device, logits: GpuTensor, count: number, normalised: boolean): ExpertShare[] {
  const numbers = Float64Array.from(device.read(logits.array));
  return chooseInFloat64(tensor('expert logits', numbers, logits.shape), count, normalised);
}

/**
 * The experts' results together: row r is `0 + w_1 x_1[r] + w_2 x_2[r] + …` over the experts that worked on it, in
 * their order.
 * @shape x of a result: [its rows, width]; result: [rows, width]
 * @throws {@link ShapeError} when a result has another shape, or a row is not there.
 */
export function mixRows(
  device: Device,
  rows: number,
  width: number,
  results: readonly ExpertResult<GpuTensor>[],
): GpuTensor {
  let sum = device.upload(new Float32Array(rows * width), [width, rows]);
  for (const result of results) {
    expectShape('expert result', result.x, [result.rows.length, width]);
    if (result.rows.length === 0) continue;
    const places = new Float32Array(rows).fill(-1);
    const weights = new Float32Array(rows);
    result.rows.forEach((row, i) => {
      if (!(row >= 0 && row < rows)) throw new ShapeError('expert row', `below ${rows}`, `${row}`);
      [places[row], weights[row]] = [i, result.weights[i]!];
    });
    const inputs = [sum, result.x.array, rowInput(device, places), rowInput(device, weights)];
    sum = device.run(MIX, [width, rows], inputs);
  }
  return gpuTensor(sum);
}
