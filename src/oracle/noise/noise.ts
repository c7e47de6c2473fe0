/**
 * Errors in units of the noise that a number format makes.
 * @packageDocumentation
 */
import type { EngineDtype } from './formats.ts';

/**
 * Errors up to this many units pass. The largest of some thousand errors is about 4 times their root mean square; and
 * an engine's steps may be 4 times as coarse as those that are emulated: approximate exponentials and roots, a softmax
 * in pieces, angles from a table. Decision 0028 has what real engines and planted faults measure.
 */
export const ALLOWED_NOISE = 16;

/** The largest error of some rows. */
export interface LargestError {
  /** In units of the noise. */
  readonly noise: number;
  readonly row: number;
  readonly column: number;
}

/**
 * The noise of each row: the root mean square of what the emulated numbers are off. It is never less than what the
 * format can tell of the largest number of the row.
 * @shape exact: [rows][V]; emulated: [ways][rows][V]; result: [rows]
 */
export function noiseOf(
  exact: readonly Float64Array[],
  emulated: readonly (readonly Float64Array[])[],
  dtype: EngineDtype,
): Float64Array {
  return Float64Array.from(exact, (row, r) => {
    let [squares, count, largest] = [0, 0, 0];
    for (const number of row) largest = Math.max(largest, Math.abs(number));
    for (const way of emulated) {
      for (const [i, number] of way[r]!.entries()) squares += (number - row[i]!) ** 2;
      count += row.length;
    }
    return Math.max(Math.sqrt(squares / count), largest * PRECISION[dtype]);
  });
}

/** Half the distance of 1 to the next number. */
const PRECISION: Readonly<Record<EngineDtype, number>> = {
  float64: 2 ** -53,
  float32: 2 ** -24,
  bfloat16: 2 ** -8,
  float16: 2 ** -11,
};

/** The largest error, in units of the noise of its row; infinite for a number that is not finite where it should be. */
export function largestError(
  exact: readonly ArrayLike<number>[],
  got: readonly ArrayLike<number>[],
  noise: ArrayLike<number>,
): LargestError {
  let worst: LargestError = { noise: 0, row: 0, column: 0 };
  for (const [row, numbers] of exact.entries()) {
    for (let column = 0; column < numbers.length; column++) {
      const error = Math.abs(got[row]![column]! - numbers[column]!) / noise[row]!;
      const inUnits = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
      if (inUnits > worst.noise) worst = { noise: inUnits, row, column };
    }
  }
  return worst;
}
