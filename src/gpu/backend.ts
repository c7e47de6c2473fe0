/**
 * gpu.js as a backend: float32 in a mode of gpu.js that is asked for by name.
 * @packageDocumentation
 */
import { NonFiniteError, ShapeError } from '../errors.ts';
import { type Stored, widened } from '../numerics/stored.ts';
import { type Tensor, tensor } from '../numerics/tensor.ts';
import type { Backend, Shaped } from '../ops/backend.ts';
import type { Ops, RowStore } from '../ops/ops.ts';
import { Device } from './device.ts';
import { type GpuMode, loadGpuJs } from './gpu-js.ts';
import { gpuOps } from './ops.ts';
import { GpuRowStore } from './row-store.ts';
import type { GpuTensor, GpuWeight } from './tensor.ts';

/** A backend on a device of gpu.js. */
export class GpuBackend implements Backend<GpuTensor, GpuWeight> {
  readonly name: string;
  readonly ops: Ops<GpuTensor, GpuWeight>;

  constructor(readonly device: Device) {
    this.name = `gpu:${device.mode}`;
    this.ops = gpuOps(device);
  }

  /**
   * A weight rounded to float32, which is exact for all stored formats but F64.
   * @throws {@link NonFiniteError} when a number is too large for float32; {@link ShapeError} when it is neither a list
   * nor a matrix.
   */
  upload(weight: Stored): GpuWeight {
    const { shape } = weight;
    if (shape.length < 1 || shape.length > 2) {
      throw new ShapeError('weight', 'one dimension or two', `shape [${shape.join(', ')}]`);
    }
    const numbers = widened(weight);
    const rounded = Float32Array.from(numbers);
    const beyond = rounded.findIndex((number) => !Number.isFinite(number));
    if (beyond >= 0) throw new NonFiniteError('weight', 'numbers within float32', `${numbers[beyond]}`);
    const size = shape.length === 1 ? ([shape[0]!, 1] as const) : ([shape[1]!, shape[0]!] as const);
    return { shape, stored: weight, array: this.device.keep(this.device.upload(rounded, size)) };
  }

  /** The numbers of an activation, widened to float64. @shape result: that of `x` */
  readBack({ shape, array }: GpuTensor): Tensor {
    return tensor('activation', Float64Array.from(this.device.read(array)), shape);
  }

  /** Runs operations and frees what they made on the device, except the activations that it returns. */
  scope<R extends readonly Shaped[]>(work: () => R): R {
    let result: R | null = null;
    this.device.scope(() => {
      result = work();
      return result.map((kept) => (kept as GpuTensor).array);
    });
    return result!;
  }

  /** Frees an activation that outlived its scope, or a store with its rows. */
  free(x: GpuTensor | RowStore<GpuTensor>): void {
    if (x instanceof GpuRowStore) x.free();
    else (x as GpuTensor).array.free();
  }
}

/**
 * Opens a device of gpu.js.
 * @throws {@link BackendError} when gpu.js is not installed, or the machine does not have the mode; it says which ones
 * it has.
 */
export async function openGpu(mode: GpuMode): Promise<GpuBackend> {
  return new GpuBackend(new Device(await loadGpuJs(), mode));
}
