import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { type Tensor, tensor, zeros } from '../../../src/numerics/tensor.ts';
import { pickColumns, pickRows, stackRows } from '../../../src/ops/float64/rows.ts';

/** Rows [10r, 10r + 1] for each r given. */
function rowsNamed(...names: number[]): Tensor {
  return tensor('rows', Float64Array.from(names.flatMap((name) => [10 * name, 10 * name + 1])), [names.length, 2]);
}
const namesOf = (x: Tensor): number[] => Array.from({ length: x.shape[0]! }, (_, row) => x.get(row, 0) / 10);

describe('pickColumns', () => {
  const x = tensor('x', Float64Array.of(0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15), [2, 6]);
  const picked = (from: number, size: number, stride: number, count: number) => [
    ...pickColumns(x, { from, size, stride, count }).data,
  ];

  it('takes groups of columns, one apart from the other', () => {
    expect(picked(2, 2, 2, 1)).toEqual([2, 3, 12, 13]);
    expect(picked(1, 1, 3, 2)).toEqual([1, 4, 11, 14]);
    expect(picked(0, 2, 4, 2)).toEqual([0, 1, 4, 5, 10, 11, 14, 15]);
  });

  it('refuses missing columns', () => {
    for (const [from, size, stride, count] of [
      [5, 2, 2, 1],
      [0, 2, 3, 3],
      [-1, 1, 1, 1],
      [0, 0.5, 1, 1],
    ] as const) {
      expect(() => picked(from, size, stride, count)).toThrow(ShapeError);
    }
  });
});

describe('pickRows and stackRows', () => {
  it('pick any rows in any order, repeated too, as a copy', () => {
    const x = rowsNamed(0, 1, 2);
    const picked = pickRows(x, [2, 0, 2]);
    expect(picked.data).toStrictEqual(rowsNamed(2, 0, 2).data);
    picked.data.fill(-1);
    expect(namesOf(x)).toEqual([0, 1, 2]);
    expect(pickRows(x, []).shape).toEqual([0, 2]);
  });

  it('stack parts of any height', () => {
    const parts = [rowsNamed(0, 1), rowsNamed(), rowsNamed(2).lo(0, 0)];
    expect(stackRows(parts).data).toStrictEqual(rowsNamed(0, 1, 2).data);
  });

  it('refuse missing rows and widths that differ', () => {
    expect(() => pickRows(rowsNamed(0, 1), [2])).toThrow(ShapeError);
    expect(() => pickRows(rowsNamed(0, 1), [-1])).toThrow(ShapeError);
    expect(() => stackRows([rowsNamed(0), zeros('x', [1, 3])])).toThrow(ShapeError);
    expect(() => stackRows([])).toThrow('stacked parts: expected at least one, got none');
  });
});
