/**
 * Linear equations whose unknowns are weights of a file, and so must be numbers of a narrow format.
 * @packageDocumentation
 */
import { type Stored, stored } from '../../numerics/stored.ts';
import { leastNormSolver } from './least-norm.ts';

/** The formats that realized checkpoints are stored in. */
export const WEIGHT_FORMATS = ['BF16', 'F32'] as const;
/** A format that realized checkpoints are stored in. */
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** How often what rounding left over is solved for again: each time shrinks it by the precision of the format. */
export const CORRECTIONS: Readonly<Record<WeightFormat, number>> = { BF16: 2, F32: 1 };

const pun = new DataView(new ArrayBuffer(8));
/** Least number with all bits of bfloat16. */
const LEAST = 2 ** -126;
/** Bits of the upper half of a float64 that bfloat16 lacks; the lower half it lacks whole. */
const LOST = 13;

/**
 * The number of a format that is nearest to x, ties to even; numbers below 2^-126 become zero.
 * @example
 * import assert from 'node:assert/strict';
 * import { nearestStored } from 'turbo-lora/oracle';
 * assert.equal(nearestStored('BF16', 1 + 3 / 256), 1 + 1 / 64);
 * assert.equal(nearestStored('F32', 0.1), Math.fround(0.1));
 */
export function nearestStored(format: WeightFormat, x: number): number {
  if (Math.abs(x) < LEAST) return 0;
  if (format === 'F32') return Math.fround(x);
  pun.setFloat64(0, x);
  const upper = pun.getUint32(0);
  const half = 1 << (LOST - 1);
  const [kept, rest] = [upper >>> LOST, upper & (2 * half - 1)];
  const up = rest > half || (rest === half && (pun.getUint32(4) > 0 || kept % 2 === 1));
  pun.setUint32(0, ((kept + (up ? 1 : 0)) << LOST) >>> 0);
  pun.setUint32(4, 0);
  return pun.getFloat64(0);
}

/** A tensor of numbers that a format holds exactly. */
export function storedExactly(
  label: string,
  format: WeightFormat,
  numbers: Float64Array,
  shape: readonly number[],
): Stored {
  const narrow = Float32Array.from(numbers);
  if (format === 'F32') return stored(label, format, narrow, shape);
  const bits = new Uint32Array(narrow.buffer);
  return stored(
    label,
    format,
    Uint16Array.from(bits, (word) => word >>> 16),
    shape,
  );
}

/** The equations `h_n . w = b_n`, for several w at the same states h. */
export interface StoredEquations {
  readonly label: string;
  readonly format: WeightFormat;
  /** h. @shape [N, M] */
  readonly states: readonly ArrayLike<number>[];
  /**
   * Disjoint sets of unknowns, each at least as many as there are equations. The first solves them; each later one
   * takes what rounding the earlier ones left over, and starts at zero.
   */
  readonly groups: readonly (readonly number[])[];
}

/** Rows of weights that solve the equations up to the precision of all groups together. */
export interface StoredSolver {
  /** The largest condition number of a group. */
  readonly condition: number;
  /**
   * The row for one right-hand side. The first group starts at `start`, and moves from there by as little as possible.
   * @shape b: [N]; start, result: [M]
   */
  row(b: ArrayLike<number>, start: ArrayLike<number>): Float64Array;
}

/**
 * Solves equations in weights of a narrow format. One set of unknowns gives the precision of the format, because it is
 * rounded. The rest is small, and a second set solves for it with the same relative precision; and so on. So weights of
 * eight bits give sums of twenty-four.
 * @throws {@link LawError} when the states are linearly dependent in a group.
 * @example
 * import assert from 'node:assert/strict';
 * import { storedSolver } from 'turbo-lora/oracle';
 * const states = [[1, 1.5, 0.75]];
 * const { row } = storedSolver({ label: 'thirds', format: 'BF16', states, groups: [[0], [1], [2]] });
 * const [a, b, c] = row([1 / 3], [0, 0, 0]);
 * assert.ok(Math.abs(a! + 1.5 * b! + 0.75 * c! - 1 / 3) < 2 ** -24);
 */
export function storedSolver({ label, format, states, groups }: StoredEquations): StoredSolver {
  const solvers = groups.map((group) =>
    leastNormSolver(
      label,
      states.map((state) => group.map((k) => state[k]!)),
    ),
  );
  return {
    condition: Math.max(...solvers.map(({ condition }) => condition)),
    row(b, start) {
      const weights = Float64Array.from(start);
      for (const [g, group] of groups.entries()) {
        const rest = states.map((state, n) => b[n]! - dot(state, weights));
        const step = solvers[g]!.solve(rest);
        for (const [i, k] of group.entries()) weights[k] = nearestStored(format, weights[k]! + step[i]!);
      }
      return weights;
    },
  };
}

/** The sum of products, from left to right. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
