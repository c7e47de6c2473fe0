import { expectShape } from '../numerics/tensor.ts';
import { checkKeptRows } from '../ops/kept-rows.ts';
import type { RowStore } from '../ops/ops.ts';
import type { Device, DeviceArray, KernelSource } from './device.ts';
import { type GpuTensor, rowInput } from './tensor.ts';

const APPEND: KernelSource = {
  name: 'append',
  source: `function (stored, rows, span) {
    const from = span[0][0];
    const to = span[0][1];
    if (this.thread.y < from) { return stored[this.thread.y][this.thread.x]; }
    if (this.thread.y < to) { return rows[this.thread.y - from][this.thread.x]; }
    return 0;
  }`,
};

const MOVE: KernelSource = {
  name: 'move rows',
  source: 'function (stored, from) { const row = from[0][this.thread.y]; return stored[row][this.thread.x]; }',
};

/** Rows that the first buffer has room for. */
const FIRST_CAPACITY = 16;

/**
 * Rows on a device, in a buffer that doubles when it is full. A texture cannot be written in place, so that to append
 * or move rows makes a new buffer of the old one.
 */
export class GpuRowStore implements RowStore<GpuTensor> {
  #array: DeviceArray;
  #length = 0;

  constructor(
    readonly device: Device,
    readonly width: number,
  ) {
    const zeros = new Float32Array(FIRST_CAPACITY * width);
    this.#array = device.keep(device.upload(zeros, [width, FIRST_CAPACITY]));
  }

  get length(): number {
    return this.#length;
  }

  /** The buffer; its rows from `length` on mean nothing. Valid until the store changes. */
  get array(): DeviceArray {
    return this.#array;
  }

  /** Adds rows at the end. @shape rows: [n, width] @throws {@link ShapeError} when they have another width. */
  append(rows: GpuTensor): void {
    expectShape('appended rows', rows, [-1, this.width]);
    const to = this.#length + rows.shape[0];
    if (rows.shape[0] === 0) return;
    let capacity = this.#array.size[1];
    while (capacity < to) capacity *= 2;
    const span = rowInput(this.device, [this.#length, to]);
    this.#replace(this.device.run(APPEND, [this.width, capacity], [this.#array, rows.array, span]));
    this.#length = to;
  }

  /**
   * Shortens the store to its first `length` rows, followed by `rows` moved down.
   * @throws {@link ShapeError} when a row is not stored or out of order.
   */
  keep(length: number, rows: readonly number[]): void {
    checkKeptRows(this.#length, length, rows);
    if (rows.some((row, i) => row !== length + i)) this.#move(length, rows);
    this.#length = length + rows.length;
  }

  /** Frees the buffer. The store cannot be used after it. */
  free(): void {
    this.#array.free();
  }

  #move(length: number, rows: readonly number[]): void {
    const capacity = this.#array.size[1];
    const from = Array.from({ length: capacity }, (_, row) => (row < length ? row : (rows[row - length] ?? 0)));
    this.#replace(this.device.run(MOVE, [this.width, capacity], [this.#array, rowInput(this.device, from)]));
  }

  #replace(array: DeviceArray): void {
    const before = this.#array;
    this.#array = this.device.keep(array);
    before.free();
  }
}
