import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { type Tensor, tensor } from '../../../src/numerics/tensor.ts';
import { add, addScaled, firstNonFinite, multiply, silu } from '../../../src/ops/float64/elementwise.ts';

const row = (...values: number[]): Tensor => tensor('x', Float64Array.from(values), [1, values.length]);

describe('elementwise operations', () => {
  it('add, multiply and addScaled by hand, leaving their operands alone', () => {
    const [x, y] = [row(1, -2, 3), row(10, 20, 30)];
    expect([...add(x, y).data]).toEqual([11, 18, 33]);
    expect([...multiply(x, y).data]).toEqual([10, -40, 90]);
    expect([...addScaled(x, 0.5, y).data]).toEqual([6, 8, 18]);
    expect([...addScaled(x, 0, y).data]).toEqual([1, -2, 3]);
    expect([...x.data, ...y.data]).toEqual([1, -2, 3, 10, 20, 30]);
  });

  it('addScaled rounds the product before the sum: no fused multiply-add', () => {
    // 0.1 * 10 rounds to 1, so the difference to 1 is 0; fused it would be 2^-54.
    expect(addScaled(row(-1), 0.1, row(10)).data[0]).toBe(0);
  });

  it('silu: x / (1 + e^-x)', () => {
    const y = silu(row(0, 1, -1, 800, -800, Number.NEGATIVE_INFINITY));
    expect(y.data[0]).toBe(0);
    expect(y.data[1]).toBeCloseTo(0.7310585786300049, 15); // 1 / (1 + 1/e)
    expect(y.data[2]).toBeCloseTo(-0.2689414213699951, 15);
    expect(y.data[3]).toBe(800);
    expect(y.data[4]).toBe(-0);
    expect(y.data[5]).toBeNaN(); // -inf / inf: NaN stays visible
  });

  it('work on views that start later', () => {
    const view = tensor('x', Float64Array.of(9, 9, 1, 2), [2, 2]).lo(1, 0);
    expect([...add(view, row(10, 20)).data]).toEqual([11, 22]);
    expect([...multiply(row(10, 20), view).data]).toEqual([10, 40]);
    expect([...silu(view).data]).toEqual([...silu(row(1, 2)).data]);
  });

  it('refuse operands of different shapes', () => {
    for (const operation of [add, multiply, (x: Tensor, y: Tensor) => addScaled(x, 2, y)]) {
      expect(() => operation(row(1, 2), row(1))).toThrow(ShapeError);
      expect(() => operation(row(1, 2), tensor('y', Float64Array.of(1, 2), [2, 1]))).toThrow(ShapeError);
    }
  });

  it('find the first number that is not finite, in row order', () => {
    const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    expect(firstNonFinite(tensor('x', Float64Array.of(1, -1e308, 0, -0), [2, 2]))).toBe(null);
    expect(firstNonFinite(tensor('x', Float64Array.of(1, 2, 3, -inf, nan, 0), [3, 2]))).toEqual({
      row: 1,
      value: -inf,
    });
    expect(firstNonFinite(tensor('x', Float64Array.of(nan, inf), [1, 2]))?.value).toBeNaN();
    const view = tensor('x', Float64Array.of(nan, 1, 2), [3, 1]).lo(1, 0);
    expect(firstNonFinite(view)).toBe(null);
  });
});
