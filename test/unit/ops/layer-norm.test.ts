import { describe, expect, it } from 'vitest';
import { NonFiniteError, ShapeError } from '../../../src/errors.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { layerNorm } from '../../../src/ops/float64/layer-norm.ts';

const vector = (...values: number[]) => stored('w', 'F64', Float64Array.from(values), [values.length]);
const x = tensor('x', Float64Array.of(1, 2, 4, 8, -1, 0.5, 0.25, 3), [2, 4]);

/** Sums of four numbers of size 8, then a product: far fewer than 16 roundings of numbers below 8. */
function expectNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThan(128 * Number.EPSILON);
}

describe('layerNorm', () => {
  it('is that of PyTorch 2.13: layer_norm with gain 1, .5, -2, 3, bias .1 to .4, epsilon 1e-5', () => {
    const y = layerNorm(x, vector(1, 0.5, -2, 3), vector(0.1, 0.2, 0.3, 0.4), 1e-5);
    const first = [-0.9257545754961932, -0.1263764558396978, 0.11349916809160124, 5.155771213664168];
    expectNear(y.data, [...first, -1.0629695673059218, 0.13539057959411546, 0.9030212571215892, 5.1810971100354575]);
  });

  it('in parts normalises each by itself, as layer_norm of the row in two halves', () => {
    const y = layerNorm(x, null, null, 1e-5, { parts: 2 });
    const expected = [0.9999800005999799, 0.9999987500023437, 0.9999911112296278, 0.9999973553823918];
    expectNear(
      y.data,
      expected.flatMap((v) => [-v, v]),
    );
  });

  it('takes a gain for one part or for all of a row, an offset added', () => {
    const one = layerNorm(x, vector(1, 2), null, 0, { parts: 2 });
    expect(layerNorm(x, vector(1, 2, 1, 2), null, 0, { parts: 2 }).data).toStrictEqual(one.data);
    expect(layerNorm(x, vector(0, 1), null, 0, { parts: 2, offset: 1 }).data).toStrictEqual(one.data);
    expect([...one.data.slice(0, 4)]).toEqual([-1, 2, -1, 2]);
  });

  it('takes another gain and another bias for each part', () => {
    const y = layerNorm(x, vector(1, 2, 3, 4), vector(10, 20, 30, 40), 0, { parts: 2 });
    expect([...y.data]).toEqual([9, 22, 27, 44, 9, 22, 27, 44]);
  });

  it('refuses lengths that do not fit, and squares that overflow', () => {
    expect(() => layerNorm(x, vector(1), null, 0)).toThrow(ShapeError);
    expect(() => layerNorm(x, null, vector(1), 0)).toThrow(ShapeError);
    expect(() => layerNorm(x, null, null, 0, { parts: 3 })).toThrow(ShapeError);
    expect(() => layerNorm(tensor('x', Float64Array.of(1e200, 0), [1, 2]), null, null, 0)).toThrow(NonFiniteError);
  });
});
