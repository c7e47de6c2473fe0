import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Adapter, type LowRank, linearWithLora } from '../../../src/adapters/lora.ts';
import { ShapeError } from '../../../src/errors.ts';
import type { Linear } from '../../../src/model/linear.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { numbersFrom } from '../../support/random-model.ts';

const matrix = (rows: number[][]): Stored =>
  stored('m', 'F64', Float64Array.from(rows.flat()), [rows.length, rows[0]!.length]);
const layer: Linear<Stored> = {
  path: 'q_proj',
  weight: matrix([
    [1, 2],
    [3, 4],
  ]),
  bias: stored('b', 'F64', Float64Array.of(100, 200), [2]),
};
const adapterOf = (update: LowRank<Stored>, path = 'q_proj'): Adapter<Stored> => ({
  name: 'test',
  updates: new Map([[path, update]]),
});
const update: LowRank<Stored> = { a: matrix([[1, 0]]), b: matrix([[10], [20]]), scale: 0.5 };

function rows(...values: number[][]) {
  return tensor('x', Float64Array.from(values.flat()), [values.length, 2]);
}

describe('linearWithLora', () => {
  it('by hand: W x + b + scale * B (A x)', () => {
    // W x + b = [103, 207]; A x = 1; B A x = [10, 20]; half of it is added.
    const y = linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: adapterOf(update) }]);
    expect([...y.data]).toEqual([108, 217]);
  });

  it('rank two: A x is a vector', () => {
    const rankTwo = {
      a: matrix([
        [1, 0],
        [0, 1],
      ]),
      b: matrix([
        [1, 10],
        [100, 1000],
      ]),
      scale: 2,
    };
    const y = linearWithLora(float64Ops, rows([3, 5]), layer, [{ rows: 1, adapter: adapterOf(rankTwo) }]);
    expect([...y.data]).toEqual([113 + 2 * 53, 229 + 2 * 5300]);
  });

  it.each([0, 1, -2, Math.SQRT1_2])('the scale multiplies the update once: %d', (scale) => {
    const y = linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: adapterOf({ ...update, scale }) }]);
    expect([...y.data]).toEqual([103 + scale * 10, 207 + scale * 20]);
  });

  it("an adapter that brings its own weight replaces the base's with it, in its own rows only", () => {
    const own = adapterOf({
      ...update,
      weight: matrix([
        [5, 6],
        [7, 8],
      ]),
    });
    // W' x + b = [111, 215]; half of [10, 20] is added.
    expect([...linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: own }]).data]).toEqual([116, 225]);
    const lanes = [null, own, adapterOf(update)].map((adapter) => ({ rows: 1, adapter }));
    const y = linearWithLora(float64Ops, rows([1, 1], [1, 1], [1, 1]), layer, lanes);
    expect([...y.data]).toEqual([103, 207, 116, 225, 108, 217]);
  });

  it('without an adapter, or with one for another layer, is the base', () => {
    const base = [103, 207];
    expect([...linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: null }]).data]).toEqual(base);
    const other = adapterOf(update, 'k_proj');
    expect([...linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: other }]).data]).toEqual(base);
  });

  it('every lane has its own adapter, over all of its rows', () => {
    const second = adapterOf({ ...update, scale: -1 });
    const lanes = [
      { rows: 2, adapter: adapterOf(update) },
      { rows: 1, adapter: null },
      { rows: 0, adapter: second },
      { rows: 2, adapter: second },
    ];
    const y = linearWithLora(float64Ops, rows([1, 1], [2, 0], [1, 1], [1, 1], [0, 1]), layer, lanes);
    // Rows of the base: [103, 207], [102, 206], [103, 207], [103, 207], [102, 204].
    expect([...y.data]).toEqual([108, 217, 112, 226, 103, 207, 93, 187, 102, 204]);
  });

  it('a lane has the bits it has alone', () => {
    const lane = fc.record({ rows: fc.nat(3), adapter: fc.option(fc.nat(9)) });
    fc.assert(
      fc.property(fc.array(lane, { minLength: 1, maxLength: 5 }), fc.nat(), (picks, seed) => {
        const lanes = picks.map(({ rows: count, adapter }) => ({
          rows: count,
          adapter: adapter === null ? null : adapterOf({ ...update, scale: adapter / 7 }),
        }));
        const inputs = lanes.map((part, i) => tensor('x', numbersFrom(seed + i)(part.rows * 2, 3), [part.rows, 2]));
        const together = linearWithLora(float64Ops, float64Ops.stackRows(inputs), layer, lanes);
        const alone = lanes.map((part, i) => linearWithLora(float64Ops, inputs[i]!, layer, [part]));
        expect(together.data).toStrictEqual(float64Ops.stackRows(alone).data);
      }),
    );
  });

  it('refuses an update that does not fit the layer', () => {
    const wide = adapterOf({ ...update, a: matrix([[1, 0, 0]]) });
    expect(() => linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: wide }])).toThrow(ShapeError);
    const tall = adapterOf({ ...update, b: matrix([[1], [2], [3]]) });
    expect(() => linearWithLora(float64Ops, rows([1, 1]), layer, [{ rows: 1, adapter: tall }])).toThrow(ShapeError);
  });
});
