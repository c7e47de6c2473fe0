import { z } from 'zod';
import { FormatError } from '../../errors.ts';

/** A tensor as little-endian hexadecimal digits. */
export interface HexTensor {
  readonly dtype: 'F64';
  /** Extents, the slowest first. */
  readonly shape: readonly number[];
  /** Row-major, 16 digits per number. */
  readonly hex: string;
}

/** A small tensor inside a JSON file. JSON numbers cannot hold NaN, infinities or -0, and readers round them. */
export const hexTensorShape = z
  .strictObject({
    dtype: z.literal('F64').describe('IEEE 754 float64.'),
    shape: z.array(z.int().min(0)).readonly().describe('Extents, the slowest first.'),
    hex: z
      .string()
      .regex(/^([0-9a-f]{16})*$/)
      .describe('The numbers, each as 16 lower-case digits: its bytes, the lowest first.'),
  })
  .describe('A tensor in row-major order.') satisfies z.ZodType<HexTensor>;

/**
 * Writes rows of numbers as a matrix.
 * @shape rows: [R, C]
 * @throws {@link FormatError} when rows differ in length.
 * @example
 * import assert from 'node:assert/strict';
 * import { hexRows } from 'turbo-lora/oracle';
 * assert.deepEqual(hexRows([[1], [-0]], 1), { dtype: 'F64', shape: [2, 1], hex: '000000000000f03f0000000000000080' });
 */
export function hexRows(rows: readonly ArrayLike<number>[], columns: number): HexTensor {
  const view = new DataView(new ArrayBuffer(8));
  const digits = rows.flatMap((row, r) => {
    if (row.length !== columns) throw new FormatError(`row ${r}`, `${columns} numbers`, `${row.length}`);
    return Array.from(row, (value) => {
      view.setFloat64(0, value); // read back in the other order: the lowest byte comes first
      return view.getBigUint64(0, true).toString(16).padStart(16, '0');
    });
  });
  return { dtype: 'F64', shape: [rows.length, columns], hex: digits.join('') };
}

/**
 * Reads a matrix as rows of numbers.
 * @shape returns [R, C]
 * @throws {@link FormatError} when it is not a matrix, or has more or fewer numbers than its shape says.
 * @example
 * import assert from 'node:assert/strict';
 * import { hexRows, rowsOf } from 'turbo-lora/oracle';
 * assert.deepEqual(rowsOf('m', hexRows([[1, 2], [3, 4]], 2)), [Float64Array.of(1, 2), Float64Array.of(3, 4)]);
 */
export function rowsOf(label: string, { shape, hex }: HexTensor): Float64Array[] {
  const [rows, columns] = shape;
  if (shape.length !== 2 || hex.length !== 16 * rows! * columns!) {
    throw new FormatError(label, `a matrix with 16 digits for each number`, `shape [${shape}], ${hex.length} digits`);
  }
  const view = new DataView(new ArrayBuffer(8));
  const number = (index: number): number => {
    view.setBigUint64(0, BigInt(`0x${hex.slice(16 * index, 16 * index + 16)}`));
    return view.getFloat64(0, true);
  };
  return Array.from({ length: rows! }, (_, r) =>
    Float64Array.from({ length: columns! }, (_, c) => number(r * columns! + c)),
  );
}

/**
 * Reads a matrix of one row.
 * @shape returns [C]
 * @throws {@link FormatError} when it has another shape, or more or fewer numbers than its shape says.
 */
export function rowOf(label: string, tensor: HexTensor, columns: number): Float64Array {
  if (tensor.shape.join() !== `1,${columns}`) throw new FormatError(label, `shape [1,${columns}]`, `[${tensor.shape}]`);
  return rowsOf(label, tensor)[0]!;
}
