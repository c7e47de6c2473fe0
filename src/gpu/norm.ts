/**
 * Norms. Kernels with one thread for every part of a row compute its factor and, for layer norms, its mean. Another
 * kernel applies these to the rows.
 *
 * A sum of squares that overflows float32 is passed on as infinity, so that the check of the states finds it. Dividing
 * by it would give zeros that look like a result.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import { widened } from '../numerics/stored.ts';
import type { NormOptions } from '../ops/ops.ts';
import type { Device, DeviceArray, KernelSource } from './device.ts';
import { type GpuTensor, type GpuWeight, gpuTensor, rowInput } from './tensor.ts';

const LARGEST = '3.4028234e38';

/** One output per part of a row; `sizes` is one number, the columns of a part. */
const overPart = (name: string, parameters: string, before: string, term: string, after: string) => ({
  name,
  source: `function (x${parameters}) {
    const from = this.thread.x * this.constants.size;
    ${before}
    let sum = 0;
    for (let i = 0; i < this.constants.size; i++) {
      const v = x[this.thread.y][from + i];
      sum += ${term};
    }
    ${after}
  }`,
});

const FACTOR = `if (!(sum <= ${LARGEST})) { return sum; }
    return 1 / Math.sqrt(sum / this.constants.size + this.constants.epsilon);`;
const MEAN = overPart('mean', '', '', 'v', 'return sum / this.constants.size;');
const RMS_FACTOR = overPart('rms factor', '', '', 'v * v', FACTOR);
const DEVIATION_FACTOR = overPart(
  'deviation factor',
  ', means',
  'const mean = means[this.thread.y][this.thread.x];',
  '(v - mean) * (v - mean)',
  FACTOR,
);

const RMS_NORM: KernelSource = {
  name: 'rms norm',
  source: `function (x, factors, part, gain) {
    const place = part[0][this.thread.x];
    const factor = factors[this.thread.y][place];
    return gain[0][this.thread.x] * (x[this.thread.y][this.thread.x] * factor);
  }`,
};

const LAYER_NORM: KernelSource = {
  name: 'layer norm',
  source: `function (x, factors, part, gain, means, bias) {
    const place = part[0][this.thread.x];
    const factor = factors[this.thread.y][place];
    const mean = means[this.thread.y][place];
    return gain[0][this.thread.x] * ((x[this.thread.y][this.thread.x] - mean) * factor) + bias[0][this.thread.x];
  }`,
};

/**
 * `y = (offset + gain) * x / sqrt(mean(x^2) + epsilon)`, for each part of a row.
 * @shape x: [N, D]; gain: [D], or [D / parts] for all parts alike; result: [N, D]
 * @throws {@link ShapeError} when the gain's length does not fit or the row does not divide into parts.
 */
export function rmsNorm(
  device: Device,
  x: GpuTensor,
  gain: GpuWeight,
  epsilon: number,
  { offset = 0, parts = 1 }: NormOptions = {},
): GpuTensor {
  const { size, part, shaped } = partsOf(device, x, parts);
  const factors = device.run({ ...RMS_FACTOR, constants: { size, epsilon } }, [parts, x.shape[0]], [x.array]);
  const gains = shaped('norm gain', gain, 1, offset);
  return gpuTensor(device.run(RMS_NORM, x.array.size, [x.array, factors, part, gains]));
}

/**
 * `y = (offset + gain) * (x - mean(x)) / sqrt(variance(x) + epsilon) + bias`, for each part of a row.
 * @shape x: [N, D]; gain, bias: [D], or [D / parts] for all parts alike; result: [N, D]
 * @throws {@link ShapeError} when a length does not fit or the row does not divide into parts.
 */
export function layerNorm(
  device: Device,
  x: GpuTensor,
  gain: GpuWeight | null,
  bias: GpuWeight | null,
  epsilon: number,
  { offset = 0, parts = 1 }: NormOptions = {},
): GpuTensor {
  const { size, part, shaped } = partsOf(device, x, parts);
  const each = [parts, x.shape[0]] as const;
  const means = device.run({ ...MEAN, constants: { size } }, each, [x.array]);
  const factors = device.run({ ...DEVIATION_FACTOR, constants: { size, epsilon } }, each, [x.array, means]);
  const [gains, biases] = [shaped('norm gain', gain, 1, offset), shaped('norm bias', bias, 0, 0)];
  return gpuTensor(device.run(LAYER_NORM, x.array.size, [x.array, factors, part, gains, means, biases]));
}

interface Parts {
  /** Columns of a part. */
  readonly size: number;
  /** The part of each column. */
  readonly part: DeviceArray;
  /** A weight as one number per column; `absent` where there is none. */
  shaped(label: string, weight: GpuWeight | null, absent: number, offset: number): DeviceArray;
}

function partsOf(device: Device, x: GpuTensor, parts: number): Parts {
  const width = x.shape[1];
  const size = width / parts;
  if (!Number.isInteger(size)) throw new ShapeError('parts of a norm', `a divisor of ${width} columns`, `${parts}`);
  const columns = Array.from({ length: width }, (_, column) => column);
  return {
    size,
    part: rowInput(
      device,
      columns.map((column) => Math.floor(column / size)),
    ),
    shaped(label, weight, absent, offset) {
      if (weight === null)
        return rowInput(
          device,
          columns.map(() => absent),
        );
      const [across, down] = weight.array.size; // more than one row: a gain per head and dimension
      const count = across * down;
      if (count !== width && count !== size) throw new ShapeError(label, `${size} numbers`, `${count}`);
      if (across === width && offset === 0) return weight.array;
      const numbers = widened(weight.stored);
      return rowInput(
        device,
        columns.map((column) => offset + numbers[column % count]!),
      );
    },
  };
}
