/** Every trap of `ndarray`, which checks nothing, has to be refused by the checked layer. */
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { at, expectShape, matrixShape, rowOf, rowsOf, tensor, zeros } from '../../../src/numerics/tensor.ts';

const square = () => tensor('x', Float64Array.of(1, 2, 3, 4), [2, 2]);

describe('tensor', () => {
  it('ndarray itself lets every one of these pass, which is why they are checked here', () => {
    const raw = ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]);
    expect(raw.get(5, 5)).toBe(undefined);
    expect(raw.get(0, 3)).toBe(4); // wraps into the next row
    expect(ndarray(new Float64Array(3), [2, 2]).shape).toEqual([2, 2]);
  });

  it('is row-major and does not copy', () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const x = tensor('x', data, [2, 3]);
    expect([at(x, 0, 0), at(x, 0, 2), at(x, 1, 0), at(x, 1, 2)]).toEqual([1, 3, 4, 6]);
    data[0] = 9;
    expect(at(x, 0, 0)).toBe(9);
  });

  it.each([
    ['a short buffer', 3, [2, 2]],
    ['a long buffer', 5, [2, 2]],
    ['no numbers for rank 0', 0, []],
    ['a negative extent', 4, [-2, -2]],
    ['a fractional extent', 3, [1.5, 2]],
    ['an extent that is no number', 0, [Number.NaN, 2]],
  ])('refuses %s', (_, length, shape) => {
    expect(() => tensor('x', new Float64Array(length), shape)).toThrow(ShapeError);
  });

  it('says what was expected and what came', () => {
    expect(() => tensor('hidden', new Float64Array(3), [2, 2])).toThrow(
      'hidden: expected 4 numbers for shape [2, 2], got 3',
    );
  });
});

describe('zeros', () => {
  it('is all zero, empty extents too', () => {
    expect([...zeros('x', [2, 3]).data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(zeros('x', [0, 3]).shape).toEqual([0, 3]);
    expect([...zeros('x', []).data]).toEqual([0]);
  });

  it.each([[[-1, 2]], [[-1, -1]], [[0.5, 2]], [[Number.NaN]], [[Number.POSITIVE_INFINITY]]])('refuses %j', (shape) => {
    expect(() => zeros('x', shape)).toThrow(ShapeError);
  });
});

describe('at', () => {
  it.each([
    [[5, 5]],
    [[0, 3]],
    [[0, 2]],
    [[2, 0]],
    [[-1, 0]],
    [[0, -1]],
    [[0.5, 0]],
    [[Number.NaN, 0]],
    [[0]],
    [[0, 0, 0]],
    [[]],
  ])('refuses indices %j of a 2 x 2', (indices) => {
    expect(() => at(square(), ...indices)).toThrow(ShapeError);
  });

  it('follows strides and offsets of views', () => {
    expect(at(square().transpose(1, 0), 0, 1)).toBe(3);
    expect(at(square().lo(1, 0), 0, 1)).toBe(4);
    expect(() => at(square().lo(1, 0), 1, 1)).toThrow(ShapeError);
  });
});

describe('expectShape', () => {
  it('takes -1 for any extent, and nothing else', () => {
    expect(() => expectShape('x', square(), [-1, 2])).not.toThrow();
    expect(() => expectShape('x', square(), [2, 3])).toThrow('x: expected shape [2, 3], got [2, 2]');
    expect(() => expectShape('x', square(), [-1])).toThrow('x: expected shape [any], got [2, 2]');
    expect(() => expectShape('x', square(), [-1, -1, -1])).toThrow(ShapeError);
  });
});

describe('rowsOf and rowOf', () => {
  it('see through views that start later', () => {
    const view = tensor('x', Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2]).lo(1, 0);
    expect(rowsOf('x', view)).toMatchObject({ start: 2, rows: 2, width: 2 });
    expect([...rowOf('x', view, 1)]).toEqual([5, 6]);
  });

  it('give a view, not a copy', () => {
    const x = square();
    rowOf('x', x, 1)[0] = 9;
    expect(at(x, 1, 0)).toBe(9);
  });

  it.each([
    ['transposed', () => square().transpose(1, 0)],
    ['one column of many', () => square().hi(2, 1)],
    ['every other row', () => tensor('x', new Float64Array(8), [4, 2]).step(2, 1)],
    ['rank 1', () => tensor('x', new Float64Array(4), [4])],
    ['one row read backwards', () => tensor('x', new Float64Array(4), [1, 4]).step(1, -1)],
  ])('refuse a matrix that is %s', (_, make) => {
    expect(() => rowsOf('x', make())).toThrow(ShapeError);
  });

  it.each([-1, 2, 0.5, Number.NaN])('refuse row %d of two', (row) => {
    expect(() => rowOf('x', square(), row)).toThrow(ShapeError);
  });
});

describe('matrixShape', () => {
  it('gives rows and columns', () => {
    expect(matrixShape('x', zeros('x', [2, 0]))).toEqual([2, 0]);
  });

  it.each([[[]], [[2]], [[2, 3, 4]]])('refuses shape %j', (shape) => {
    expect(() => matrixShape('x', { shape })).toThrow(new ShapeError('x', 'shape [any, any]', `[${shape.join(', ')}]`));
  });
});
