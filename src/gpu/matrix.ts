/**
 * Matrix products, and selections of rows and columns.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import { expectShape, matrixShape } from '../numerics/tensor.ts';
import { checkToken } from '../numerics/token.ts';
import type { Columns } from '../ops/ops.ts';
import type { Device, DeviceArray, KernelSource } from './device.ts';
import { type GpuTensor, type GpuWeight, gpuTensor, indexInput, rowInput } from './tensor.ts';

const linearSource = (name: string, parameters: string, result: string): Omit<KernelSource, 'constants'> => ({
  name,
  source: `function (x, w${parameters}) {
    let sum = 0;
    for (let k = 0; k < this.constants.inputs; k++) {
      sum += x[this.thread.y][k] * w[this.thread.x][k];
    }
    return ${result};
  }`,
});

const LINEAR = linearSource('linear', '', 'sum');
const LINEAR_WITH_BIAS = linearSource('linear with bias', ', b', 'sum + b[0][this.thread.x]');

const PICK_ROWS: KernelSource = {
  name: 'pick rows',
  source: 'function (x, rows) { const row = rows[0][this.thread.y]; return x[row][this.thread.x]; }',
};

const PICK_COLUMNS: KernelSource = {
  name: 'pick columns',
  source: 'function (x, columns) { const column = columns[0][this.thread.x]; return x[this.thread.y][column]; }',
};

/**
 * `y = W x + b` for each row, one ascending sum per output.
 * @shape x: [N, in]; weight: [out, in]; bias: [out] or null; result: [N, out]
 * @throws {@link ShapeError} when shapes do not fit.
 */
export function linear(device: Device, x: GpuTensor, weight: GpuWeight, bias: GpuWeight | null): GpuTensor {
  const [outputs, inputs] = matrixShape('linear weight', weight);
  expectShape('linear input', x, [-1, inputs]);
  if (bias !== null) expectShape('linear bias', bias, [outputs]);
  const kernel = { ...(bias === null ? LINEAR : LINEAR_WITH_BIAS), constants: { inputs } };
  const operands = [x.array, weight.array, ...(bias === null ? [] : [bias.array])];
  return gpuTensor(device.run(kernel, [outputs, x.shape[0]], operands));
}

/**
 * Rows of an embedding table.
 * @shape table: [V, D]; tokens: N ids; result: [N, D]
 * @throws {@link TokenError} when an id is not in [0, V).
 */
export function embed(device: Device, table: GpuWeight, tokens: readonly number[]): GpuTensor {
  const [vocabulary, width] = matrixShape('embedding table', table);
  tokens.forEach((token, row) => {
    checkToken(`token ${row}`, token, vocabulary);
  });
  return gpuTensor(device.run(PICK_ROWS, [width, tokens.length], [table.array, rowInput(device, tokens)]));
}

/** A selection of rows. @throws {@link ShapeError} when a row is not in the matrix. */
export function pickRows(device: Device, x: GpuTensor, rows: readonly number[]): GpuTensor {
  const index = indexInput(device, 'picked row', rows, x.shape[0]);
  return gpuTensor(device.run(PICK_ROWS, [x.shape[1], rows.length], [x.array, index]));
}

/**
 * A selection of columns.
 * @shape x: [N, D]; result: [N, count * size]
 * @throws {@link ShapeError} when a column is not in the matrix.
 */
export function pickColumns(device: Device, x: GpuTensor, { from, size, stride, count }: Columns): GpuTensor {
  const columns = Array.from({ length: count * size }, (_, i) => from + Math.floor(i / size) * stride + (i % size));
  const index = indexInput(device, 'picked column', columns, x.shape[1]);
  return gpuTensor(device.run(PICK_COLUMNS, [columns.length, x.shape[0]], [x.array, index]));
}

/**
 * Matrices of one width on top of each other.
 * @throws {@link ShapeError} when there are none or their widths differ.
 */
export function stackRows(device: Device, parts: readonly GpuTensor[]): GpuTensor {
  const [first, ...more] = parts;
  if (first === undefined) throw new ShapeError('stacked parts', 'at least one', 'none');
  for (const part of more) expectShape('stacked part', part, [-1, first.shape[1]]);
  return more.reduce((top, part) => gpuTensor(onTop(device, top.array, part.array)), first);
}

function onTop(device: Device, top: DeviceArray, bottom: DeviceArray): DeviceArray {
  const [width, rows] = top.size;
  if (rows === 0) return bottom;
  if (bottom.size[1] === 0) return top;
  const source = `function (top, bottom) {
    if (this.thread.y < this.constants.rows) { return top[this.thread.y][this.thread.x]; }
    return bottom[this.thread.y - this.constants.rows][this.thread.x];
  }`;
  return device.run({ name: 'stack', source, constants: { rows } }, [width, rows + bottom.size[1]], [top, bottom]);
}
