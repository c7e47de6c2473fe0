import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { type Tensor, tensor, zeros } from '../../../src/numerics/tensor.ts';
import { Float64RowStore } from '../../../src/ops/float64/row-store.ts';

/** Rows [10r, 10r + 1] for each r given. */
function rowsNamed(...names: number[]): Tensor {
  return tensor('rows', Float64Array.from(names.flatMap((name) => [10 * name, 10 * name + 1])), [names.length, 2]);
}
const namesOf = (x: Tensor): number[] => Array.from({ length: x.shape[0]! }, (_, row) => x.get(row, 0) / 10);

describe('Float64RowStore', () => {
  it('keeps rows through growth', () => {
    const store = new Float64RowStore(2);
    for (let name = 0; name < 100; name++) store.append(rowsNamed(name));
    store.append(rowsNamed(...Array.from({ length: 200 }, (_, i) => 100 + i)));
    expect(store.length).toBe(300);
    expect(namesOf(store.rows())).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('keep: a prefix and then any ascending later rows', () => {
    const selections = fc.record({
      stored: fc.nat(20),
      kept: fc.nat(20),
      rows: fc.uniqueArray(fc.nat(19)).map((rows) => rows.sort((a, b) => a - b)),
    });
    fc.assert(
      fc.property(selections, ({ stored, kept, rows }) => {
        const length = Math.min(stored, kept);
        const later = rows.filter((row) => row >= length && row < stored);
        const store = new Float64RowStore(2);
        store.append(rowsNamed(...Array.from({ length: stored }, (_, i) => i)));
        store.keep(length, later);
        expect(namesOf(store.rows())).toEqual([...Array.from({ length }, (_, i) => i), ...later]);
        store.append(rowsNamed(99));
        expect(namesOf(store.rows()).at(-1)).toBe(99);
      }),
    );
  });

  it.each([
    ['descending rows', 1, [3, 2]],
    ['a row twice', 1, [2, 2]],
    ['a row inside the kept prefix', 2, [1]],
    ['a row that is not stored', 1, [4]],
    ['a fractional row', 1, [1.5]],
    ['good rows before a bad one', 1, [2, 3, 4]],
    ['more than is stored', 5, []],
    ['fewer than none', -1, []],
    ['a fraction of a row', 1.5, []],
  ])('keep refuses %s', (_, length, rows) => {
    const store = new Float64RowStore(2);
    store.append(rowsNamed(0, 1, 2, 3));
    expect(() => store.keep(length, rows)).toThrow(ShapeError);
    expect(namesOf(store.rows())).toEqual([0, 1, 2, 3]);
  });

  it('append refuses another width', () => {
    expect(() => new Float64RowStore(2).append(zeros('x', [1, 3]))).toThrow(ShapeError);
  });
});
