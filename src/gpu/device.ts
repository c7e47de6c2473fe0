/**
 * A device of gpu.js in one mode: numbers on it, kernels run on it, and what they leave there.
 *
 * gpu.js compiles a kernel for certain sizes of its inputs and its output, so one compiled kernel is kept for each set
 * of sizes. After every run the class of the kernel that ran is checked: gpu.js falls back to plain JavaScript when its
 * mode cannot run a kernel, and only warns.
 * @packageDocumentation
 */
import { BackendError, ShapeError } from '../errors.ts';
import { type Gpu, type GpuJs, type GpuKernel, type GpuMode, KERNEL_CLASS, modesOf, NEEDS } from './gpu-js.ts';

/** Extents of numbers on a device, fastest first: [width, rows], or [width, rows, layers]. */
export type Size = readonly [number, number] | readonly [number, number, number];

/** Source of a kernel, and the constants that are compiled into it. */
export interface KernelSource {
  readonly name: string;
  /**
   * A function expression as gpu.js reads it. A text, because a function's own text changes under bundlers and coverage
   * tools.
   */
  readonly source: string;
  readonly constants?: Readonly<Record<string, number>>;
}

/** Numbers on a device. */
export class DeviceArray {
  /**
   * What a kernel takes: a texture, or an input of gpu.js where the mode computes in ordinary memory. Null when there
   * are no numbers.
   */
  readonly value: unknown;
  readonly size: Size;
  readonly #madeBy: Compiled | null;
  #freed = false;

  constructor(size: Size, value: unknown, madeBy: Compiled | null) {
    [this.size, this.value, this.#madeBy] = [size, value, madeBy];
    if (madeBy !== null) madeBy.results += 1;
  }

  /** Frees the memory on the device. A second call does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (this.#madeBy !== null) this.#madeBy.results -= 1;
    if (isTexture(this.value)) this.value.delete();
  }
}

interface Texture {
  delete(): void;
  toArray(): unknown;
}

/**
 * A kernel compiled for some sizes. It must outlive its results, because gpu.js reads a texture by the kernel that made
 * it.
 */
export interface Compiled {
  readonly kernel: GpuKernel;
  readonly bytes: number;
  results: number;
}

/**
 * Bytes that the compiled kernels may hold for their inputs and outputs before the least recently used ones are
 * dropped.
 */
const KERNEL_BYTES = 2 ** 30;

/** In textures, gpu.js computes the index of a number in float32, which is exact up to this one. */
const TEXTURE_NUMBERS = 2 ** 24;

/** A device in one mode. */
export class Device {
  readonly #library: GpuJs;
  readonly #gpu: Gpu;
  readonly #kernels = new Map<string, Compiled>();
  #kernelBytes = 0;
  #scope: Set<DeviceArray> | null = null;

  /** @throws {@link BackendError} when the machine does not have the mode; it says which modes it has. */
  constructor(
    library: GpuJs,
    readonly mode: GpuMode,
    readonly kernelBytes = KERNEL_BYTES,
  ) {
    const modes = modesOf(library);
    if (!modes.includes(mode)) {
      const has = modes.length === 0 ? 'none' : modes.map((name) => `gpu:${name}`).join(', ');
      throw new BackendError(
        'backend',
        `a mode of gpu.js that this machine has (${has})`,
        `gpu:${mode}, which needs ${NEEDS[mode]}`,
      );
    }
    this.#library = library;
    this.#gpu = new library.GPU({ mode });
  }

  /** Name of the class of kernels that run here; every run asserts it. */
  get kernelClass(): string {
    return KERNEL_CLASS[this.mode];
  }

  /** Whether numbers on the device are in ordinary memory, so that reading them costs nothing. */
  get inHostMemory(): boolean {
    return this.mode === 'webasm';
  }

  /** Number of kernels compiled and kept. */
  get compiled(): number {
    return this.#kernels.size;
  }

  /** Number of results of kernels that have not been freed. */
  get alive(): number {
    return [...this.#kernels.values()].reduce((sum, { results }) => sum + results, 0);
  }

  /**
   * Numbers for one run only, in row-major order: token ids, places of rows. They need no freeing.
   * @throws {@link ShapeError} when there are not as many as the size says.
   */
  input(data: Float32Array, size: Size): DeviceArray {
    if (data.length !== numbersIn(size))
      throw new ShapeError('device input', `${numbersIn(size)} numbers`, `${data.length}`);
    return new DeviceArray(size, data.length === 0 ? null : this.#library.input(data, size), null);
  }

  /**
   * Numbers that stay on the device.
   * @throws as {@link Device.input} and {@link Device.run} do.
   */
  upload(data: Float32Array, size: Size): DeviceArray {
    const input = this.input(data, size);
    return this.inHostMemory ? this.#inScope(input) : this.run(COPY, size, [input]);
  }

  /**
   * Runs a kernel and leaves its result on the device.
   * @throws {@link BackendError} when another class of kernel ran than the mode's, or the result is too large for the
   * mode.
   */
  run(source: KernelSource, size: Size, inputs: readonly DeviceArray[]): DeviceArray {
    const numbers = numbersIn(size);
    if (numbers === 0) return this.#inScope(new DeviceArray(size, null, null));
    if (this.mode === 'headlessgl' && numbers > TEXTURE_NUMBERS) {
      throw new BackendError(source.name, `at most ${TEXTURE_NUMBERS} numbers in a texture`, `${numbers}`);
    }
    const compiled = this.#compiledFor(source, size, inputs);
    const result = compiled.kernel(...inputs.map(({ value }) => value));
    this.#assertClass(source.name, compiled.kernel);
    const value = isTexture(result) ? result : this.#library.input(flat(result, numbers), size);
    return this.#inScope(new DeviceArray(size, value, compiled));
  }

  /** Reads numbers back, in row-major order. */
  read({ size, value }: DeviceArray): Float32Array {
    const numbers = numbersIn(size);
    if (numbers === 0) return new Float32Array();
    if (!isTexture(value)) return (value as { value: Float32Array }).value;
    const data = new Float32Array(numbers);
    const layers = (size[2] === undefined ? [value.toArray()] : value.toArray()) as Float32Array[][];
    layers.flat().forEach((row, i) => {
      data.set(row, i * size[0]);
    });
    return data;
  }

  /** Does some work and frees all that it left on the device, except the arrays that it returns. */
  scope(work: () => readonly DeviceArray[]): void {
    const outer = this.#scope;
    const mine = new Set<DeviceArray>();
    this.#scope = mine;
    try {
      for (const kept of work()) if (mine.delete(kept)) outer?.add(kept);
    } finally {
      this.#scope = outer;
      for (const array of mine) array.free();
    }
  }

  /** Takes numbers out of the scope in which they were made: whoever keeps them frees them. */
  keep(array: DeviceArray): DeviceArray {
    this.#scope?.delete(array);
    return array;
  }

  /** Frees the kernels and the device. Nothing made here can be used after it. */
  async destroy(): Promise<void> {
    this.#kernels.clear();
    this.#kernelBytes = 0;
    await this.#gpu.destroy();
  }

  #inScope(array: DeviceArray): DeviceArray {
    this.#scope?.add(array);
    return array;
  }

  #compiledFor({ name, source, constants = {} }: KernelSource, size: Size, inputs: readonly DeviceArray[]): Compiled {
    const key = JSON.stringify([name, size, inputs.map((input) => input.size), Object.values(constants)]);
    const known = this.#kernels.get(key);
    if (known !== undefined) {
      this.#kernels.delete(key); // the map's order is that of use
      this.#kernels.set(key, known);
      return known;
    }
    const kernel = this.#gpu.createKernel(source, {
      output: [...size],
      constants: { ...constants },
      precision: 'single',
      pipeline: true,
      immutable: true,
    });
    const bytes = 4 * [size, ...inputs.map((input) => input.size)].reduce((sum, one) => sum + numbersIn(one), 0);
    const compiled: Compiled = { kernel, bytes, results: 0 };
    this.#makeRoom(bytes);
    this.#kernels.set(key, compiled);
    this.#kernelBytes += bytes;
    return compiled;
  }

  #makeRoom(bytes: number): void {
    for (const [key, compiled] of this.#kernels) {
      if (this.#kernelBytes + bytes <= this.kernelBytes) return;
      if (compiled.results > 0) continue;
      this.#kernels.delete(key);
      this.#kernelBytes -= compiled.bytes;
      compiled.kernel.destroy();
    }
  }

  #assertClass(name: string, { kernel }: GpuKernel): void {
    if (kernel.constructor === this.#library[KERNEL_CLASS[this.mode]]) return;
    const ran = (kernel.constructor as { name?: string }).name ?? 'another class';
    const why = kernel.fallbackReason ? ` (${kernel.fallbackReason})` : '';
    throw new BackendError(`kernel ${name} of gpu:${this.mode}`, `a ${this.kernelClass} to run`, `${ran}${why}`);
  }
}

const COPY: KernelSource = { name: 'copy', source: 'function (x) { return x[this.thread.y][this.thread.x]; }' };

function numbersIn(size: Size): number {
  return size[0] * size[1] * (size[2] ?? 1);
}

function isTexture(value: unknown): value is Texture {
  return typeof (value as Texture | null)?.toArray === 'function' && 'delete' in (value as Texture);
}

/** The rows that gpu.js returns are views of one buffer. */
function flat(rows: unknown, numbers: number): Float32Array {
  let first: unknown = rows;
  while (Array.isArray(first)) first = first[0];
  const { buffer, byteOffset } = first as Float32Array;
  return new Float32Array(buffer, byteOffset, numbers);
}
