/** The same numbers as float64, on a device, and as numbers with bounds. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { GpuBackend } from '../../../src/gpu/backend.ts';
import { type GpuTensor, type GpuWeight, gpuTensor } from '../../../src/gpu/tensor.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import { type Tensor, tensor } from '../../../src/numerics/tensor.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import type { Ops } from '../../../src/ops/ops.ts';
import { type BoundedTensor, boundedOps, boundedTensor } from './bounded-ops.ts';
import { Rounding } from './rounding.ts';

/** Kinds of numbers: of order 1; up to 1e12; down to subnormal ones; sums that cancel to next to nothing. */
export const KINDS = ['random', 'large', 'tiny', 'cancelling'] as const;
export type Kind = (typeof KINDS)[number];

/** Operands of one kind, by name: the same name and shape are the same numbers. */
export interface Given<T, W> {
  matrix(name: string, rows: number, width: number): T;
  weight(name: string, ...shape: number[]): W;
  /** Plain numbers of order 1, whatever the kind. */
  numbers(name: string, count: number): Float64Array;
}

/** An operation on any numbers. */
export type Operation = <T, W>(ops: Omit<Ops<T, W>, 'chooseExperts'>, given: Given<T, W>) => T;

/** What became of an operation: results on the device, the exact ones, and how far apart they may be. */
export interface Judged {
  readonly got: Float64Array;
  readonly exact: Float64Array;
  readonly bound: Float64Array;
}

/** Runs an operation on the device, in float64 and on bounds. */
export function judge(backend: GpuBackend, operation: Operation, kind: Kind, seed: number): Judged {
  const draw = (name: string, count: number): Float64Array => numbersOf(kind, seedOf(seed, name), count);
  const plain = (name: string, count: number): Float64Array => numbersOf('random', seedOf(seed, name), count);
  const weight = (name: string, shape: readonly number[]): Stored =>
    stored(
      name,
      'F64',
      draw(
        name,
        shape.reduce((size, extent) => size * extent),
      ),
      shape,
    );
  const rounding = new Rounding(backend.device.mode);
  const exact: Tensor = operation<Tensor, Stored>(float64Ops, {
    matrix: (name, rows, width) => tensor(name, draw(name, rows * width), [rows, width]),
    weight: (name, ...shape) => weight(name, shape),
    numbers: plain,
  });
  const bounded = operation<BoundedTensor, Stored>(boundedOps(rounding), {
    matrix: (name, rows, width) => {
      const all = [...draw(name, rows * width)].map((value) => rounding.input(value));
      return boundedTensor(
        Array.from({ length: rows }, (_, row) => all.slice(row * width, (row + 1) * width)),
        width,
      );
    },
    weight: (name, ...shape) => weight(name, shape),
    numbers: plain,
  });
  let got = new Float64Array();
  backend.scope(() => {
    const result = operation<GpuTensor, GpuWeight>(backend.ops, {
      matrix: (name, rows, width) =>
        gpuTensor(backend.device.upload(Float32Array.from(draw(name, rows * width)), [width, rows])),
      weight: (name, ...shape) => backend.upload(weight(name, shape)),
      numbers: plain,
    });
    got = backend.readBack(result).data.slice();
    return [];
  });
  const rows = exact.data.subarray(exact.offset, exact.offset + exact.shape[0]! * exact.shape[1]!);
  return { got, exact: rows, bound: Float64Array.from(bounded.rows.flat(), ({ error }) => error) };
}

function seedOf(seed: number, name: string): number {
  return [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) | 0, seed);
}

/** Numbers in [-1, 1), times what the kind asks for. */
function numbersOf(kind: Kind, seed: number, count: number): Float64Array {
  const generator = xoroshiro128plus(seed);
  generator.jump();
  const uniform = (): number => generator.next() / 2147483648;
  const numbers = Float64Array.from({ length: count }, uniform);
  const power = (from: number, to: number): number => 10 ** (from + ((uniform() + 1) / 2) * (to - from));
  if (kind === 'large') return numbers.map((x) => x * power(6, 12));
  if (kind === 'tiny') return numbers.map((x) => x * power(-44, -20));
  // Neighbours are each other's opposite except for the last bits of a float32.
  if (kind === 'cancelling') return numbers.map((x, i) => (i % 2 === 0 ? x : -numbers[i - 1]! * (1 + x * 2 ** -21)));
  return numbers;
}
