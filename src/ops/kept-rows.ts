import { ShapeError } from '../errors.ts';

/**
 * Asserts that a store of `stored` rows can be shortened to its first `length` rows, followed by `rows` moved down.
 * @throws {@link ShapeError} when a row is not stored or out of order.
 */
export function checkKeptRows(stored: number, length: number, rows: readonly number[]): void {
  if (!Number.isInteger(length) || length < 0 || length > stored) {
    throw new ShapeError('kept rows', `an integer in [0, ${stored}]`, `${length}`);
  }
  let first = length;
  for (const row of rows) {
    if (!Number.isInteger(row) || row < first || row >= stored) {
      throw new ShapeError('kept row', `an ascending row in [${first}, ${stored})`, `${row}`);
    }
    first = row + 1;
  }
}
