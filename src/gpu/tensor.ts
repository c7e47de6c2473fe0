/**
 * What the operations of a gpu.js backend compute with.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Device, DeviceArray } from './device.ts';

/** Activations on a device. */
export interface GpuTensor {
  /** [rows, width] */
  readonly shape: readonly [number, number];
  readonly array: DeviceArray;
}

/** A weight on a device, rounded to float32. */
export interface GpuWeight {
  /** [rows, width], or [width] */
  readonly shape: readonly number[];
  readonly array: DeviceArray;
  /** What it was uploaded from. */
  readonly stored: Stored;
}

/** Activations over an array of [width, rows]. */
export function gpuTensor(array: DeviceArray): GpuTensor {
  return { shape: [array.size[1], array.size[0]], array };
}

/** Numbers as one row, for one run of a kernel. */
export function rowInput(device: Device, numbers: ArrayLike<number>): DeviceArray {
  return device.input(Float32Array.from(numbers), [numbers.length, 1]);
}

/**
 * Row numbers as an input of a kernel.
 * @throws {@link ShapeError} when one is not a row of a matrix of `rows` rows.
 */
export function indexInput(device: Device, label: string, indices: readonly number[], rows: number): DeviceArray {
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= rows) {
      throw new ShapeError(label, `an integer in [0, ${rows})`, `${index}`);
    }
  }
  return rowInput(device, indices);
}
