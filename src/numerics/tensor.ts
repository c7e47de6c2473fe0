/**
 * Checked tensors. `ndarray` itself checks nothing (an index outside the shape wraps or reads `undefined`, a short
 * buffer is accepted), so every tensor is made and read through this file. Kernels, which cannot afford a check per
 * element, take the raw buffer through {@link rowsOf} after one check per tensor.
 * @packageDocumentation
 */
import ndarray from 'ndarray';
import { ShapeError } from '../errors.ts';

/** A float64 tensor. Activations are always contiguous and row-major: [rows, width]. */
export type Tensor = ndarray.NdArray<Float64Array>;

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/**
 * Makes a row-major tensor over `data`, which is not copied.
 * @shape result: `shape`
 * @throws {@link ShapeError} when `data` does not hold exactly the product of `shape`.
 * @example
 * import assert from 'node:assert/strict';
 * import { at, tensor } from 'turbo-lora/numerics';
 * const x = tensor('x', Float64Array.of(1, 2, 3, 4), [2, 2]);
 * assert.equal(at(x, 1, 0), 3);
 */
export function tensor(label: string, data: Float64Array, shape: readonly number[]): Tensor {
  let size = 1;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0) {
      throw new ShapeError(label, 'extents that are integers of at least 0', show(shape));
    }
    size *= extent;
  }
  if (data.length !== size) {
    throw new ShapeError(label, `${size} numbers for shape ${show(shape)}`, `${data.length}`);
  }
  return ndarray(data, [...shape]);
}

/**
 * A tensor of zeros.
 * @shape result: `shape`
 * @throws {@link ShapeError} when an extent is not an integer of at least 0.
 */
export function zeros(label: string, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ShapeError(label, 'extents that are integers of at least 0', show(shape));
  }
  return tensor(label, freshZeros(size), shape);
}

// A decoder makes some hundred small tensors per token. A separate typed array for each would cost an allocation and
// work for the garbage collector; a piece of a larger array costs neither. No piece is handed out twice, so all are
// zero.
const ARENA_LENGTH = 32768;
let arena = new Float64Array(0);
let arenaUsed = 0;

function freshZeros(size: number): Float64Array {
  if (size > ARENA_LENGTH / 16) return new Float64Array(size);
  if (arenaUsed + size > arena.length) {
    arena = new Float64Array(ARENA_LENGTH);
    arenaUsed = 0;
  }
  arenaUsed += size;
  return arena.subarray(arenaUsed - size, arenaUsed);
}

/**
 * Reads one element.
 * @throws {@link ShapeError} when the number of indices or one of them does not fit the shape.
 */
export function at(x: Tensor, ...indices: number[]): number {
  if (indices.length !== x.shape.length) {
    throw new ShapeError('index', `${x.shape.length} indices`, `${indices.length}`);
  }
  let slot = x.offset;
  indices.forEach((index, axis) => {
    if (!Number.isInteger(index) || index < 0 || index >= x.shape[axis]!) {
      throw new ShapeError(`index of axis ${axis}`, `an integer in [0, ${x.shape[axis]})`, `${index}`);
    }
    slot += index * x.stride[axis]!;
  });
  return x.data[slot]!;
}

/**
 * Asserts a shape; `-1` in `shape` allows any extent.
 * @throws {@link ShapeError} when it differs.
 */
export function expectShape(label: string, x: { shape: readonly number[] }, shape: readonly number[]): void {
  const fits = x.shape.length === shape.length && shape.every((extent, axis) => extent < 0 || extent === x.shape[axis]);
  if (!fits) {
    throw new ShapeError(label, `shape ${show(shape).replaceAll('-1', 'any')}`, show(x.shape));
  }
}

/**
 * Rows and columns of a matrix.
 * @throws {@link ShapeError} when `x` is not a matrix.
 */
export function matrixShape(label: string, { shape }: { shape: readonly number[] }): [rows: number, columns: number] {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new ShapeError(label, 'shape [any, any]', show(shape));
  }
  return [rows, columns];
}

/** What a kernel gets for a checked [rows, width] tensor: row r is `data[start + r * width …]`. */
export interface RawRows {
  data: Float64Array;
  start: number;
  rows: number;
  width: number;
}

/**
 * The raw buffer of a contiguous matrix.
 * @shape x: [rows, width]
 * @throws {@link ShapeError} when `x` is not a contiguous row-major matrix.
 */
export function rowsOf(label: string, x: Tensor): RawRows {
  const [rows, width] = matrixShape(label, x);
  const contiguous = x.stride[1] === 1 || width <= 1;
  if (!contiguous || (rows > 1 && x.stride[0] !== width)) {
    throw new ShapeError(label, 'a contiguous row-major matrix', `strides ${show(x.stride)}`);
  }
  return { data: x.data, start: x.offset, rows, width };
}

/**
 * One row as a plain array view (not a copy).
 * @shape x: [rows, width]; result: [width]
 * @throws {@link ShapeError} when the row is not in the tensor.
 */
export function rowOf(label: string, x: Tensor, row: number): Float64Array {
  const raw = rowsOf(label, x);
  if (!Number.isInteger(row) || row < 0 || row >= raw.rows) {
    throw new ShapeError(`${label} row`, `an integer in [0, ${raw.rows})`, `${row}`);
  }
  return raw.data.subarray(raw.start + row * raw.width, raw.start + (row + 1) * raw.width);
}
