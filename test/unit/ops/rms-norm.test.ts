import { describe, expect, it } from 'vitest';
import { NonFiniteError, ShapeError } from '../../../src/errors.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { rmsNorm } from '../../../src/ops/float64/rms-norm.ts';

const gain = (...values: number[]) => stored('gain', 'F64', Float64Array.from(values), [values.length]);

describe('rmsNorm', () => {
  it('by hand: [1, 7] has root mean square 5', () => {
    const y = rmsNorm(tensor('x', Float64Array.of(1, 7), [1, 2]), gain(1, 10), 0);
    expect([...y.data]).toEqual([0.2, 10 * (7 * 0.2)]);
  });

  it('epsilon is added to the mean of squares: [0, 2] with 2 gives a root of 2', () => {
    const y = rmsNorm(tensor('x', Float64Array.of(0, 2), [1, 2]), gain(3, 3), 2);
    expect([...y.data]).toEqual([0, 3]);
  });

  it('takes each row by itself', () => {
    const rows = tensor('x', Float64Array.of(1, 7, 0, 2, -7, 1), [3, 2]);
    const y = rmsNorm(rows, gain(2, 2), 1e-6);
    for (let row = 0; row < 3; row++) {
      const alone = rmsNorm(tensor('x', rows.data.slice(2 * row, 2 * row + 2), [1, 2]), gain(2, 2), 1e-6);
      expect(y.data.slice(2 * row, 2 * row + 2)).toStrictEqual(alone.data);
    }
  });

  it('widens a narrow gain exactly', () => {
    const half = stored('gain', 'F16', Uint16Array.of(0x3800, 0x3c00), [2]); // 0.5, 1
    expect([...rmsNorm(tensor('x', Float64Array.of(0, 2), [1, 2]), half, 2).data]).toEqual([0, 1]);
  });

  it('adds an offset to the gain, and normalises parts by themselves', () => {
    const x = tensor('x', Float64Array.of(1, 7, 0, 2), [1, 4]);
    const parts = rmsNorm(x, gain(1, 2), 0, { parts: 2 });
    const alone = [Float64Array.of(1, 7), Float64Array.of(0, 2)].flatMap((part) => [
      ...rmsNorm(tensor('x', part, [1, 2]), gain(1, 2), 0).data,
    ]);
    expect([...parts.data]).toEqual(alone);
    expect(rmsNorm(x, gain(1, 2, 1, 2), 0, { parts: 2 }).data).toStrictEqual(parts.data);
    expect(rmsNorm(x, gain(0, 1), 0, { parts: 2, offset: 1 }).data).toStrictEqual(parts.data);
    const own = rmsNorm(tensor('x', Float64Array.of(2, 2, 3, 3), [1, 4]), gain(1, 2, 3, 4), 0, { parts: 2 });
    expect([...own.data]).toEqual([1, 2, 3, 4]);
    expect(() => rmsNorm(x, gain(1), 0, { parts: 3 })).toThrow(ShapeError);
  });

  it('refuses a gain of another width', () => {
    expect(() => rmsNorm(tensor('x', new Float64Array(4), [2, 2]), gain(1, 1, 1), 0)).toThrow(ShapeError);
  });

  it('refuses a row whose sum of squares overflows, instead of giving zeros', () => {
    expect(() => rmsNorm(tensor('x', Float64Array.of(1, 1, 1e200, 1), [2, 2]), gain(1, 1), 0)).toThrow(
      expect.objectContaining({
        name: 'NonFiniteError',
        message: 'norm input, row 1: expected a finite sum of squares, got Infinity',
      }),
    );
    expect(() => rmsNorm(tensor('x', Float64Array.of(Number.NaN, 1), [1, 2]), gain(1, 1), 0)).toThrow(NonFiniteError);
  });
});
