import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../../src/errors.ts';
import { hexRows, hexTensorShape, rowsOf } from '../../../../src/oracle/vectors/hex-tensor.ts';

describe('tensors in hexadecimal digits', () => {
  it('are the bytes of float64, the lowest first', () => {
    // 1 = 0x3ff0000000000000, -0 = 0x8000000000000000 (IEEE 754)
    const { hex } = hexRows([[1, -0, Number.POSITIVE_INFINITY]], 3);
    expect(hex).toBe('000000000000f03f0000000000000080000000000000f07f');
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(0.1);
    expect(hexRows([[0.1]], 1).hex).toBe(bytes.toString('hex'));
  });

  it('give back every number, NaN and -0 included', () => {
    const row = fc.array(fc.double(), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const tensor = hexTensorShape.parse(JSON.parse(JSON.stringify(hexRows(rows, 3))));
        expect(rowsOf('tensor', tensor)).toEqual(rows.map((each) => Float64Array.from(each)));
      }),
    );
  });

  it('are refused when rows differ in length, or the shape does not fit', () => {
    expect(() => hexRows([[1], [1, 2]], 1)).toThrow(FormatError);
    expect(() => rowsOf('t', { dtype: 'F64', shape: [2, 1], hex: '000000000000f03f' })).toThrow(/shape \[2,1\], 16/);
    expect(() => rowsOf('t', { dtype: 'F64', shape: [1], hex: '000000000000f03f' })).toThrow(FormatError);
    expect(hexTensorShape.safeParse({ dtype: 'F64', shape: [1, 1], hex: '00F' }).success).toBe(false);
  });
});
