/**
 * Operations on each number separately.
 *
 * `tanh` and `erf` are computed from `exp`: GLSL ES 1.0 has neither, and what gpu.js puts in place of `tanh` overflows.
 * Their error is absolute, a few roundings of 1.
 * @packageDocumentation
 */
import { expectShape } from '../numerics/tensor.ts';
import type { Device, KernelSource } from './device.ts';
import { type GpuTensor, gpuTensor } from './tensor.ts';

/**
 * Source of `tanh` of a variable `t` as `s`: `sign(t) (1 - e) / (1 + e)` with `e = exp(-2 |t|)`, which never overflows.
 */
export const TANH = `
  const e = Math.exp(-2 * Math.abs(t));
  let s = (1 - e) / (1 + e);
  if (t < 0) { s = -s; }`;

const mapping = (name: string, body: string, constants?: Readonly<Record<string, number>>): KernelSource => ({
  name,
  source: `function (x) { const v = x[this.thread.y][this.thread.x]; ${body} }`,
  ...(constants && { constants }),
});

const SILU = mapping('silu', 'return v / (1 + Math.exp(-v));');
const RELU = mapping('relu', 'if (v < 0) { return 0; } return v;');
const GELU_TANH = mapping(
  'gelu by tanh',
  `const t = ${Math.sqrt(2 / Math.PI)} * (v + 0.044715 * v * v * v); ${TANH} return 0.5 * v * (1 + s);`,
);

const GELU_FAST = mapping(
  'gelu, fast',
  `const t = v * 0.7978845608 * (1 + 0.044715 * v * v); ${TANH} return 0.5 * v * (1 + s);`,
);

// erf(z) = sign(z) (1 - (a1 t + … + a5 t^5) exp(-z^2)) with t = 1 / (1 + 0.3275911 |z|), to within 1.5e-7.
// Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
const GELU = mapping(
  'gelu',
  `const z = Math.abs(v) * ${Math.SQRT1_2};
  const t = 1 / (1 + 0.3275911 * z);
  const a = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const rest = a * Math.exp(-z * z);
  if (v < 0) { return 0.5 * v * rest; }
  return 0.5 * v * (2 - rest);`,
);

/** `x / (1 + exp(-x))`. */
export function silu(device: Device, x: GpuTensor): GpuTensor {
  return mapped(device, SILU, x);
}

/** `x * (1 + erf(x / sqrt(2))) / 2`. */
export function gelu(device: Device, x: GpuTensor): GpuTensor {
  return mapped(device, GELU, x);
}

/** `x * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`. */
export function geluTanh(device: Device, x: GpuTensor): GpuTensor {
  return mapped(device, GELU_TANH, x);
}

/** `x * (1 + tanh(0.7978845608 x (1 + 0.044715 x^2))) / 2`. */
export function geluFast(device: Device, x: GpuTensor): GpuTensor {
  return mapped(device, GELU_FAST, x);
}

/** `max(0, x)`. */
export function relu(device: Device, x: GpuTensor): GpuTensor {
  return mapped(device, RELU, x);
}

/** `cap * tanh(x / cap)`. */
export function softCap(device: Device, x: GpuTensor, cap: number): GpuTensor {
  const body = `const t = v / this.constants.cap; ${TANH} return this.constants.cap * s;`;
  return mapped(device, mapping('soft cap', body, { cap }), x);
}

/** `factor * x`. */
export function scale(device: Device, x: GpuTensor, factor: number): GpuTensor {
  return mapped(device, mapping('scale', 'return this.constants.factor * v;', { factor }), x);
}

/** `x + y`. @throws {@link ShapeError} when shapes differ. */
export function add(device: Device, x: GpuTensor, y: GpuTensor): GpuTensor {
  return joined(device, 'add', 'a + b', x, y);
}

/** `x * y`. @throws {@link ShapeError} when shapes differ. */
export function multiply(device: Device, x: GpuTensor, y: GpuTensor): GpuTensor {
  return joined(device, 'multiply', 'a * b', x, y);
}

/** `x + factor * y`. @throws {@link ShapeError} when shapes differ. */
export function addScaled(device: Device, x: GpuTensor, factor: number, y: GpuTensor): GpuTensor {
  return joined(device, 'add scaled', 'a + this.constants.factor * b', x, y, { factor });
}

function mapped(device: Device, kernel: KernelSource, x: GpuTensor): GpuTensor {
  return gpuTensor(device.run(kernel, x.array.size, [x.array]));
}

function joined(
  device: Device,
  name: string,
  result: string,
  x: GpuTensor,
  y: GpuTensor,
  constants: Readonly<Record<string, number>> = {},
): GpuTensor {
  expectShape('second operand', y, x.shape);
  const source = `function (x, y) {
    const a = x[this.thread.y][this.thread.x];
    const b = y[this.thread.y][this.thread.x];
    return ${result};
  }`;
  return gpuTensor(device.run({ name, source, constants }, x.array.size, [x.array, y.array]));
}
