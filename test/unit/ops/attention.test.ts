import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { exp } from '../../../src/numerics/elementary.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import { at, type Tensor, tensor, zeros } from '../../../src/numerics/tensor.ts';
import { attention } from '../../../src/ops/float64/attention.ts';
import { Float64RowStore } from '../../../src/ops/float64/row-store.ts';
import type { AttentionShape, RowStore, Visible } from '../../../src/ops/ops.ts';
import { numbersFrom } from '../../support/random-model.ts';

function storeOf(rows: Tensor): Float64RowStore {
  const store = new Float64RowStore(rows.shape[1]!);
  store.append(rows);
  return store;
}

const random = (seed: number, rows: number, width: number): Tensor =>
  tensor('random', numbersFrom(seed)(rows * width, 2), [rows, width]);

/** The formula, written out: every sum from left to right over the listed slots. */
function naive(query: Tensor, keys: Tensor, values: Tensor, slots: number[][], shape: AttentionShape<Stored>): Tensor {
  const { heads, keyValueHeads, headSize } = shape;
  const out = zeros('naive', query.shape);
  slots.forEach((visible, row) => {
    for (let head = 0; head < heads; head++) {
      const group = Math.floor(head / (heads / keyValueHeads));
      const scores = visible.map((slot) => {
        let dot = 0;
        for (let i = 0; i < headSize; i++)
          dot += at(query, row, head * headSize + i) * at(keys, slot, group * headSize + i);
        return dot * (1 / Math.sqrt(headSize));
      });
      const largest = Math.max(...scores);
      const powers = scores.map((score) => exp(score - largest));
      let total = 0;
      for (const power of powers) total += power;
      for (let i = 0; i < headSize; i++) {
        let sum = 0;
        visible.forEach((slot, j) => {
          sum += (powers[j]! / total) * at(values, slot, group * headSize + i);
        });
        out.set(row, head * headSize + i, sum);
      }
    }
  });
  return out;
}

const shapes = fc.constantFrom<AttentionShape<Stored>>(
  { heads: 1, keyValueHeads: 1, headSize: 1 },
  { heads: 2, keyValueHeads: 2, headSize: 3 },
  { heads: 6, keyValueHeads: 2, headSize: 4 },
  { heads: 3, keyValueHeads: 1, headSize: 2 },
);

describe('attention', () => {
  it('by hand: equal scores average the values, a far larger one takes all', () => {
    const shape = { heads: 1, keyValueHeads: 1, headSize: 1 };
    const keys = storeOf(tensor('k', Float64Array.of(0, 0, 1000), [3, 1]));
    const values = storeOf(tensor('v', Float64Array.of(2, 4, 64), [3, 1]));
    const query = tensor('q', Float64Array.of(1, 1), [2, 1]);
    const visible = [
      { from: 0, to: 2, branch: [] },
      { from: 0, to: 3, branch: [] },
    ];
    expect([...attention(query, keys, values, visible, shape).data]).toEqual([3, 64]);
  });

  it('by hand: scores are divided by the root of the head size', () => {
    // q . k = 4 ln 2 over a head of 4 gives ln 4 against ln 1: weights 4/5 and 1/5.
    const shape = { heads: 1, keyValueHeads: 1, headSize: 4 };
    const keys = storeOf(tensor('k', Float64Array.of(Math.LN2, Math.LN2, Math.LN2, Math.LN2, 0, 0, 0, 0), [2, 4]));
    const values = storeOf(tensor('v', Float64Array.of(5, 0, 10, 0, 0, 5, 0, -10), [2, 4]));
    const query = tensor('q', Float64Array.of(1, 1, 1, 1), [1, 4]);
    const out = attention(query, keys, values, [{ from: 0, to: 2, branch: [] }], shape);
    [4, 1, 8, -2].forEach((expected, i) => {
      expect(out.data[i]).toBeCloseTo(expected, 14);
    });
  });

  it('has the bits of the formula, for any heads and visible slots', () => {
    const rows = fc.array(fc.record({ from: fc.nat(8), length: fc.nat(9), branch: fc.array(fc.nat(99)) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(shapes, fc.nat(), rows, (shape, seed, picks) => {
        const stored = 12;
        const width = shape.keyValueHeads * shape.headSize;
        const [keys, values] = [random(seed, stored, width), random(seed + 1, stored, width)];
        const query = random(seed + 2, picks.length, shape.heads * shape.headSize);
        const visible = picks.map(({ from, length, branch }): Visible => {
          const to = Math.min(from + length, stored);
          return { from, to, branch: [...branch.map((slot) => slot % stored), 0] };
        });
        const slots = visible.map(({ from, to, branch }) => [
          ...Array.from({ length: to - from }, (_, i) => from + i),
          ...branch,
        ]);
        const actual = attention(query, storeOf(keys), storeOf(values), visible, shape);
        expect(actual.data).toStrictEqual(naive(query, keys, values, slots, shape).data);
      }),
      { numRuns: 200 },
    );
  });

  it('over scattered slots equals attention over the same keys side by side', () => {
    const slots = fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(shapes, fc.nat(), slots, fc.nat(12), (shape, seed, scattered, prefix) => {
        const width = shape.keyValueHeads * shape.headSize;
        const [keys, values] = [random(seed, 16, width), random(seed + 1, 16, width)];
        const query = random(seed + 2, 1, shape.heads * shape.headSize);
        const cut = Math.min(prefix, scattered.length);
        const gather = (from: Tensor): Float64RowStore => {
          const rows = scattered.flatMap((slot) => [...from.data.subarray(slot * width, (slot + 1) * width)]);
          return storeOf(tensor('gathered', Float64Array.from(rows), [scattered.length, width]));
        };
        const there = attention(query, storeOf(keys), storeOf(values), [{ from: 0, to: 0, branch: scattered }], shape);
        const branch = scattered.slice(cut).map((_, i) => cut + i);
        const here = attention(query, gather(keys), gather(values), [{ from: 0, to: cut, branch }], shape);
        expect(there.data).toStrictEqual(here.data);
      }),
    );
  });

  it('survives scores far beyond the range of exp', () => {
    const shape = { heads: 1, keyValueHeads: 1, headSize: 1 };
    const keys = storeOf(tensor('k', Float64Array.of(-1e5, 1e5), [2, 1]));
    const values = storeOf(tensor('v', Float64Array.of(1, 2), [2, 1]));
    const out = attention(
      tensor('q', Float64Array.of(7), [1, 1]),
      keys,
      values,
      [{ from: 0, to: 2, branch: [] }],
      shape,
    );
    expect([...out.data]).toEqual([2]);
  });

  it.each<[string, Visible[]]>([
    ['a range that ends before it begins', [{ from: 1, to: 0, branch: [1] }]],
    ['a range of fractions', [{ from: 0.5, to: 1.5, branch: [] }]],
    ['a fractional branch slot', [{ from: 0, to: 1, branch: [0.5] }]],
    ['a slot after the stored ones', [{ from: 0, to: 3, branch: [] }]],
    ['a branch slot after the stored ones', [{ from: 0, to: 1, branch: [2] }]],
    ['a negative slot', [{ from: -1, to: 1, branch: [] }]],
    ['nothing visible', [{ from: 1, to: 1, branch: [] }]],
    [
      'more rows than queries',
      [
        { from: 0, to: 1, branch: [] },
        { from: 0, to: 1, branch: [] },
      ],
    ],
  ])('refuses %s', (_, visible) => {
    const store = storeOf(zeros('rows', [2, 1]));
    const shape = { heads: 1, keyValueHeads: 1, headSize: 1 };
    expect(() => attention(zeros('q', [1, 1]), store, store, visible, shape)).toThrow(ShapeError);
  });

  describe('refuses stores and heads that do not fit', () => {
    const shape = { heads: 2, keyValueHeads: 1, headSize: 2 };
    const attend = (keys: RowStore<Tensor>, values: RowStore<Tensor>, more: Partial<AttentionShape<Stored>> = {}) =>
      attention(zeros('q', [1, 4]), keys, values, [{ from: 0, to: 1, branch: [] }], { ...shape, ...more });
    const rows = (count: number, width: number) => storeOf(zeros('rows', [count, width]));

    it('control: stores of the right width', () => {
      expect([...attend(rows(1, 2), rows(1, 2)).data]).toEqual([0, 0, 0, 0]);
    });

    it.each<[string, () => unknown]>([
      ['keys that are too narrow', () => attend(rows(1, 1), rows(1, 2))],
      ['keys that are too wide', () => attend(rows(1, 4), rows(1, 2))],
      ['values that are too narrow', () => attend(rows(1, 2), rows(1, 1))],
      ['fewer values than keys', () => attend(rows(2, 2), rows(1, 2))],
      [
        'a store of another backend',
        () => attend({ ...rows(1, 2), length: 1 } as unknown as RowStore<Tensor>, rows(1, 2)),
      ],
      ['heads that share no key-value head', () => attend(rows(1, 6), rows(1, 6), { keyValueHeads: 3 })],
      ['no heads', () => attend(rows(1, 2), rows(1, 2), { keyValueHeads: 0 })],
      ['a head of half a number', () => attend(rows(1, 1), rows(1, 1), { heads: 4, keyValueHeads: 2, headSize: 0.5 })],
    ])('%s', (_, call) => {
      expect(call).toThrow(ShapeError);
    });
  });

  it('scale, soft cap, loss by distance and sinks are as PyTorch 2.13 computes them', () => {
    // softmax(cat([2 tanh(.7 q k / 2) - slope * distance, sink])) without its last column, times v.
    const [keys, values] = [new Float64RowStore(2), new Float64RowStore(2)];
    keys.append(tensor('k', Float64Array.of(0.5, 1, -1, 0.75, 2, 0.1), [3, 2]));
    values.append(tensor('v', Float64Array.of(1, 0, 0, 1, 0.5, 0.5), [3, 2]));
    const bent = {
      scale: 0.7,
      softCap: 2,
      slopes: Float64Array.of(0.5, 0.125),
      sinks: stored('sinks', 'F64', Float64Array.of(0.3, -1), [2]),
    };
    const query = tensor('q', Float64Array.of(1, -0.5, 0.25, 2), [1, 4]);
    const visible = [{ from: 0, to: 2, branch: [2] }];
    const out = attention(query, keys, values, visible, { heads: 2, keyValueHeads: 1, headSize: 2, ...bent });
    [0.3826525715466274, 0.35976973312739796, 0.5278186384999293, 0.4176644088478672].forEach((value, i) => {
      expect(Math.abs(out.data[i]! - value)).toBeLessThan(8 * Number.EPSILON);
    });
    const short = { heads: 2, keyValueHeads: 1, headSize: 2, sinks: stored('sinks', 'F64', Float64Array.of(1), [1]) };
    expect(() => attention(query, keys, values, visible, short)).toThrow(ShapeError);
  });
});
