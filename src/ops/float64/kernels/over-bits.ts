// Written by `npm run kernels` from fixtures/generators/kernels.ts, where to change it.
import { wideValues } from '../../../numerics/stored.ts';
import type { Kernels } from './kernels.ts';

/**
 * Kernels over the bits of float16 or bfloat16 weights, widened exactly by a table of all 65536 values.
 *
 * One running index in place of eight row offsets, and no destructuring: a loop with more live values than the
 * processor has registers, or one that makes arrays, runs up to four times slower.
 */
export function kernelsOverBits(format: 'F16' | 'BF16'): Kernels<Uint16Array> {
  const table = wideValues(format);
  return {
    oneByEight: (x, xAt, w, wAt, n, y, yAt) => oneByEight(x, xAt, w, table, wAt, n, y, yAt),
    fourByTwo: (x, xAt, w, wAt, n, y, yAt, stride) => fourByTwo(x, xAt, w, table, wAt, n, y, yAt, stride),
  };
}

function oneByEight(
  x: Float64Array,
  xAt: number,
  w: Uint16Array,
  table: Float64Array,
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
    s0 += value * table[w[at]!]!;
    at += n;
    s1 += value * table[w[at]!]!;
    at += n;
    s2 += value * table[w[at]!]!;
    at += n;
    s3 += value * table[w[at]!]!;
    at += n;
    s4 += value * table[w[at]!]!;
    at += n;
    s5 += value * table[w[at]!]!;
    at += n;
    s6 += value * table[w[at]!]!;
    at += n;
    s7 += value * table[w[at]!]!;
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
  w: Uint16Array,
  table: Float64Array,
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
    const u = table[w[wAt + k]!]!;
    const v = table[w[wAt + n + k]!]!;
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
