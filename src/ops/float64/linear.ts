/**
 * Matrix product, the kernel in which nearly all time goes.
 *
 * {@link linearNaive} is the definition: for every row and output one sum, left to right. {@link linear} computes the
 * same sums with eight of them in flight at a time. It blocks over outputs and rows and never splits a sum, so it gives the
 * same bits. Why it is fast: one float64 addition takes four cycles to finish but two can start per cycle, so a single
 * sum leaves seven eighths of the adder idle.
 * @packageDocumentation
 */

import { type Stored, widen, widened } from '../../numerics/stored.ts';
import { expectShape, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';

/** Outputs that are widened and multiplied together. */
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
  const { outputs, inputs } = checkShapes(x, weight, bias);
  const raw = rowsOf('linear input', x);
  const y = zeros('linear', [raw.rows, outputs]);
  const direct = weight.data instanceof Float64Array;
  const panel = direct ? (weight.data as Float64Array) : scratchOf(PANEL * inputs);
  for (let output = 0; output < outputs; output += PANEL) {
    const count = Math.min(PANEL, outputs - output);
    if (!direct) widen(weight, output * inputs, count * inputs, panel);
    const at = direct ? output * inputs : 0;
    multiplyPanel(raw.data, raw.start, raw.rows, panel, at, count, inputs, y.data, output, outputs);
  }
  if (bias !== null) addBias(y.data, widened(bias));
  return y;
}

function checkShapes(x: Tensor, weight: Stored, bias: Stored | null): { outputs: number; inputs: number } {
  expectShape('linear weight', weight, [-1, -1]);
  const [outputs, inputs] = weight.shape as [number, number];
  expectShape('linear input', x, [-1, inputs]);
  if (bias !== null) expectShape('linear bias', bias, [outputs]);
  return { outputs, inputs };
}

let scratch = new Float64Array(0);

/** A buffer that lives on between calls: allocating one per call costs more than a small product. */
function scratchOf(length: number): Float64Array {
  if (scratch.length < length) scratch = new Float64Array(length);
  return scratch;
}

/** Up to eight outputs of all rows: four rows by two outputs at a time, what is left row by row. */
function multiplyPanel(
  x: Float64Array,
  start: number,
  rows: number,
  w: Float64Array,
  at: number,
  count: number,
  inputs: number,
  y: Float64Array,
  output: number,
  outputs: number,
): void {
  let row = 0;
  if (count === PANEL) {
    for (; row + 4 <= rows; row += 4) {
      for (let o = 0; o < PANEL; o += 2) {
        fourByTwo(x, start + row * inputs, w, at + o * inputs, inputs, y, row * outputs + output + o, outputs);
      }
    }
    for (; row < rows; row++) oneByEight(x, start + row * inputs, w, at, inputs, y, row * outputs + output);
  }
  for (; row < rows; row++) {
    for (let o = 0; o < count; o++) {
      y[row * outputs + output + o] = dot(x, start + row * inputs, w, at + o * inputs, inputs);
    }
  }
}

function dot(x: Float64Array, xAt: number, w: Float64Array, wAt: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += x[xAt + k]! * w[wAt + k]!;
  return sum;
}

// One running index in place of eight row offsets, and no destructuring: a loop with more live values than the processor
// has registers, or one that makes arrays, runs up to four times slower.
function oneByEight(
  x: Float64Array,
  xAt: number,
  w: Float64Array,
  wAt: number,
  n: number,
  y: Float64Array,
  yAt: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let k = 0; k < n; k++) {
    const value = x[xAt + k]!;
    let at = wAt + k;
    s0 += value * w[at]!;
    at += n;
    s1 += value * w[at]!;
    at += n;
    s2 += value * w[at]!;
    at += n;
    s3 += value * w[at]!;
    at += n;
    s4 += value * w[at]!;
    at += n;
    s5 += value * w[at]!;
    at += n;
    s6 += value * w[at]!;
    at += n;
    s7 += value * w[at]!;
  }
  y[yAt] = s0;
  y[yAt + 1] = s1;
  y[yAt + 2] = s2;
  y[yAt + 3] = s3;
  y[yAt + 4] = s4;
  y[yAt + 5] = s5;
  y[yAt + 6] = s6;
  y[yAt + 7] = s7;
}

function fourByTwo(
  x: Float64Array,
  xAt: number,
  w: Float64Array,
  wAt: number,
  n: number,
  y: Float64Array,
  yAt: number,
  stride: number,
): void {
  let a0 = 0;
  let a1 = 0;
  let b0 = 0;
  let b1 = 0;
  let c0 = 0;
  let c1 = 0;
  let d0 = 0;
  let d1 = 0;
  for (let k = 0; k < n; k++) {
    const u = w[wAt + k]!;
    const v = w[wAt + n + k]!;
    let at = xAt + k;
    const a = x[at]!;
    a0 += a * u;
    a1 += a * v;
    at += n;
    const b = x[at]!;
    b0 += b * u;
    b1 += b * v;
    at += n;
    const c = x[at]!;
    c0 += c * u;
    c1 += c * v;
    at += n;
    const d = x[at]!;
    d0 += d * u;
    d1 += d * v;
  }
  y[yAt] = a0;
  y[yAt + 1] = a1;
  y[yAt + stride] = b0;
  y[yAt + stride + 1] = b1;
  y[yAt + 2 * stride] = c0;
  y[yAt + 2 * stride + 1] = c1;
  y[yAt + 3 * stride] = d0;
  y[yAt + 3 * stride + 1] = d1;
}

function addBias(y: Float64Array, bias: Float64Array): void {
  for (let at = 0; at < y.length; at += bias.length) {
    for (let o = 0; o < bias.length; o++) y[at + o]! += bias[o]!;
  }
}
