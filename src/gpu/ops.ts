/**
 * The operations of a decoder on a device of gpu.js, in float32.
 * @packageDocumentation
 */
import type { Ops } from '../ops/ops.ts';
import { attention } from './attention.ts';
import type { Device } from './device.ts';
import { add, addScaled, gelu, geluFast, geluTanh, multiply, relu, scale, silu, softCap } from './elementwise.ts';
import { chooseExperts, mixRows } from './experts.ts';
import { embed, linear, pickColumns, pickRows, stackRows } from './matrix.ts';
import { layerNorm, rmsNorm } from './norm.ts';
import { rotate } from './rotate.ts';
import { GpuRowStore } from './row-store.ts';
import type { GpuTensor, GpuWeight } from './tensor.ts';

/** {@link Ops} on one device. */
export function gpuOps(device: Device): Ops<GpuTensor, GpuWeight> {
  return {
    embed: (table, tokens) => embed(device, table, tokens),
    linear: (x, weight, bias) => linear(device, x, weight, bias),
    rmsNorm: (x, gain, epsilon, options) => rmsNorm(device, x, gain, epsilon, options),
    layerNorm: (x, gain, bias, epsilon, options) => layerNorm(device, x, gain, bias, epsilon, options),
    rotate: (x, heads, rotation) => rotate(device, x, heads, rotation),
    attention: (query, keys, values, visible, shape) => attention(device, query, keys, values, visible, shape),
    silu: (x) => silu(device, x),
    gelu: (x) => gelu(device, x),
    geluTanh: (x) => geluTanh(device, x),
    geluFast: (x) => geluFast(device, x),
    relu: (x) => relu(device, x),
    softCap: (x, cap) => softCap(device, x, cap),
    scale: (x, factor) => scale(device, x, factor),
    add: (x, y) => add(device, x, y),
    multiply: (x, y) => multiply(device, x, y),
    addScaled: (x, factor, y) => addScaled(device, x, factor, y),
    pickRows: (x, rows) => pickRows(device, x, rows),
    stackRows: (parts) => stackRows(device, parts),
    pickColumns: (x, columns) => pickColumns(device, x, columns),
    chooseExperts: (logits, count, normalised) => chooseExperts(device, logits, count, normalised),
    mixRows: (rows, width, results) => mixRows(device, rows, width, results),
    firstNonFinite: (x) => firstNonFinite(device, x),
    newStore: (width) => new GpuRowStore(device, width),
  };
}

/**
 * The first number that is NaN or infinite, in row order; null when all are finite. Also null where the numbers would
 * have to be read back to find out: what a pass returns is checked on the host.
 * @shape x: [N, D]
 */
export function firstNonFinite(device: Device, x: GpuTensor): { row: number; value: number } | null {
  if (!device.inHostMemory) return null;
  const numbers = device.read(x.array);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (value - value !== 0) return { row: Math.floor(i / x.shape[1]), value };
  }
  return null;
}
