/**
 * Matrix product, the kernel that takes nearly all of the time.
 *
 * {@link linearNaive} is the definition: for every row and output one sum, left to right. {@link linear} computes the
 * same sums with eight of them in flight at a time. It blocks over outputs and rows and never splits a sum, so it gives
 * the same bits. Why it is fast: one float64 addition takes four cycles to finish but two can start per cycle, so a
 * single sum leaves seven eighths of the adder idle.
 * @packageDocumentation
 */

import { type Stored, widen, widened } from '../../numerics/stored.ts';
import { expectShape, matrixShape, type RawRows, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { Kernels } from './kernels/kernels.ts';
import { kernelsOverBits } from './kernels/over-bits.ts';
import { float32Kernels } from './kernels/over-float32.ts';
import { float64Kernels } from './kernels/over-float64.ts';

/** Outputs that are multiplied together. */
const PANEL = 8;

/**
 * The definition: `y[n, o] = (0 + x[n, 0] w[o, 0] + x[n, 1] w[o, 1] + …) + b[o]`, every operation rounded to float64.
 * @shape x: [N, in]; weight: [out, in]; bias: [out] or null; result: [N, out]
 * @throws {@link ShapeError} when shapes do not fit.
 */
export function linearNaive(x: Tensor, weight: Stored, bias: Stored | null): Tensor {
  const { outputs, inputs } = checkShapes(x, weight, bias);
  const y = zeros('linear', [x.shape[0]!, outputs]);
  const w = widened(weight);
  const b = bias === null ? null : widened(bias);
  for (let row = 0; row < x.shape[0]!; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let k = 0; k < inputs; k++) sum += x.get(row, k) * w[output * inputs + k]!;
      y.set(row, output, b === null ? sum : sum + b[output]!);
    }
  }
  return y;
}

/**
 * `y = W x + b` for each row; the same bits as {@link linearNaive}.
 * @shape x: [N, in]; weight: [out, in]; bias: [out] or null; result: [N, out]
 * @throws {@link ShapeError} when shapes do not fit.
 */
export function linear(x: Tensor, weight: Stored, bias: Stored | null): Tensor {
  const { outputs } = checkShapes(x, weight, bias);
  const raw = rowsOf('linear input', x);
  const y = zeros('linear', [raw.rows, outputs]);
  const whole = outputs - (outputs % PANEL);
  switch (weight.format) {
    case 'F64':
      multiplyPanels(float64Kernels, raw, weight.data, whole, outputs, y.data);
      break;
    case 'F32':
      multiplyPanels(float32Kernels, raw, weight.data, whole, outputs, y.data);
      break;
    default:
      multiplyPanels(BITS_KERNELS[weight.format], raw, weight.data, whole, outputs, y.data);
  }
  if (whole < outputs) multiplyRest(x, weight, whole, y);
  if (bias !== null) addBias(y.data, widened(bias));
  return y;
}

const BITS_KERNELS = { F16: kernelsOverBits('F16'), BF16: kernelsOverBits('BF16') };

/** The first `whole` outputs of every row, eight by eight. @shape w: [outputs, width]; y: [rows, outputs] */
function multiplyPanels<A extends Stored['data']>(
  kernels: Kernels<A>,
  { data, start, rows, width }: RawRows,
  w: A,
  whole: number,
  outputs: number,
  y: Float64Array,
): void {
  // Outputs outside, rows inside: the weights of a panel are read from memory once and from the cache for all other
  // rows.
  for (let output = 0; output < whole; output += PANEL) {
    let row = 0;
    for (; row + 4 <= rows; row += 4) {
      const xAt = start + row * width;
      for (let o = output; o < output + PANEL; o += 2) {
        kernels.fourByTwo(data, xAt, w, o * width, width, y, row * outputs + o, outputs);
      }
    }
    for (; row < rows; row++) {
      kernels.oneByEight(data, start + row * width, w, output * width, width, y, row * outputs + output);
    }
  }
}

function checkShapes(x: Tensor, weight: Stored, bias: Stored | null): { outputs: number; inputs: number } {
  const [outputs, inputs] = matrixShape('linear weight', weight);
  expectShape('linear input', x, [-1, inputs]);
  if (bias !== null) expectShape('linear bias', bias, [outputs]);
  return { outputs, inputs };
}

/** The last outputs, fewer than eight: sum by sum. */
function multiplyRest(x: Tensor, weight: Stored, from: number, y: Tensor): void {
  const { data, start, rows, width } = rowsOf('linear input', x);
  const outputs = weight.shape[0]!;
  const w = new Float64Array((outputs - from) * width);
  widen(weight, from * width, w.length, w);
  for (let row = 0; row < rows; row++) {
    for (let o = from; o < outputs; o++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += data[start + row * width + k]! * w[(o - from) * width + k]!;
      y.data[row * outputs + o] = sum;
    }
  }
}

function addBias(y: Float64Array, bias: Float64Array): void {
  for (let at = 0; at < y.length; at += bias.length) {
    for (let o = 0; o < bias.length; o++) y[at + o]! += bias[o]!;
  }
}
