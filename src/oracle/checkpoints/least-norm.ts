import { LawError } from '../../errors.ts';

/** Solves `A x = b` for one matrix and many right-hand sides. */
export interface LeastNormSolver {
  /**
   * `||R|| ||R^-1||` in the Frobenius norm: by how much a relative error of b may grow. At least the number of
   * equations, which is what orthogonal rows of one length have.
   */
  readonly condition: number;
  /** The shortest solution. @shape b: [N]; result: [M] */
  solve(b: ArrayLike<number>): Float64Array;
}

/**
 * The shortest solution of N linear equations in M unknowns, N at most M: with `A^T = Q R` by Householder reflections,
 * `x = Q R^-T b`. Sums, products, quotients and square roots only, so every engine gives the same bits.
 * @shape rows: [N, M]
 * @throws {@link LawError} when the rows are linearly dependent, up to 12 digits.
 * @source Golub and Van Loan 2013, "Matrix Computations", algorithms 5.2.1 and 5.6.1
 * @example
 * import assert from 'node:assert/strict';
 * import { leastNormSolver } from 'turbo-lora/oracle';
 * const { solve } = leastNormSolver('sum', [Float64Array.of(1, 1)]);
 * assert.ok(solve([4]).every((x) => Math.abs(x - 2) < 1e-14));
 */
export function leastNormSolver(label: string, rows: readonly ArrayLike<number>[]): LeastNormSolver {
  const columns = rows.map((row) => Float64Array.from(row));
  const width = columns[0]?.length ?? 0;
  if (rows.length > width) throw new LawError(label, `at most ${width} equations`, `${rows.length}`);
  const largest = Math.max(...columns.map(length));
  const diagonal = columns.map((column, k) => {
    const entry = reflector(column, k);
    if (!(Math.abs(entry) > 1e-12 * largest)) {
      throw new LawError(label, 'linearly independent equations', `equation ${k} follows from the others`);
    }
    for (const later of columns.slice(k + 1)) reflect(column, k, later);
    return entry;
  });
  const upper = (i: number, j: number): number => (i === j ? diagonal[i]! : columns[j]![i]!);
  return {
    condition: conditionOf(upper, rows.length),
    solve(b) {
      const x = new Float64Array(width);
      for (let i = 0; i < rows.length; i++) {
        let rest = b[i]!;
        for (let j = 0; j < i; j++) rest -= upper(j, i) * x[j]!;
        x[i] = rest / diagonal[i]!;
      }
      for (let k = rows.length - 1; k >= 0; k--) reflect(columns[k]!, k, x);
      return x;
    },
  };
}

function length(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

/**
 * Turns the part of a column from k on into the unit vector of its Householder reflection; the part before it stays a
 * column of R. Returns the entry of R on the diagonal.
 */
function reflector(column: Float64Array, k: number): number {
  const part = column.subarray(k);
  const norm = length(part);
  const entry = part[0]! > 0 ? -norm : norm;
  part[0]! -= entry;
  const scale = length(part);
  if (scale > 0) for (let i = 0; i < part.length; i++) part[i]! /= scale;
  return entry;
}

/** `x := x - 2 v (v . x)`, with the v that a column holds from k on. */
function reflect(column: Float64Array, k: number, x: Float64Array): void {
  let dot = 0;
  for (let i = k; i < x.length; i++) dot += column[i]! * x[i]!;
  for (let i = k; i < x.length; i++) x[i]! -= 2 * dot * column[i]!;
}

/** `||R|| ||R^-1||` of an upper triangular R; the columns of its inverse by substitution. */
function conditionOf(upper: (i: number, j: number) => number, size: number): number {
  let [own, inverse] = [0, 0];
  for (let j = 0; j < size; j++) {
    const column = new Float64Array(j + 1);
    for (let i = j; i >= 0; i--) {
      own += upper(i, j) ** 2;
      let rest = i === j ? 1 : 0;
      for (let k = i + 1; k <= j; k++) rest -= upper(i, k) * column[k]!;
      column[i] = rest / upper(i, i);
      inverse += column[i]! ** 2;
    }
  }
  return Math.sqrt(own) * Math.sqrt(inverse);
}
