/**
 * Float32 on a device is as exact as float32 can be: every result lies within a bound that is derived from the
 * operation, not measured. See test/support/float32/rounding.ts for the bounds.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttentionShape } from '../../src/ops/ops.ts';
import { type Judged, judge, KINDS, type Operation } from '../support/float32/operands.ts';
import { backendIn, GPU_MODES, labelOf, modesHere } from '../support/gpu-modes.ts';

const [ROWS, WIDTH] = [3, 24];

const attending = (extra: Omit<Partial<AttentionShape>, 'sinks'>, withSinks = false): Operation => {
  const shape = { heads: 4, keyValueHeads: 2, headSize: 6, ...extra };
  const visible = [
    { from: 0, to: 9, branch: [] },
    { from: 3, to: 12, branch: [14, 19] },
    { from: 19, to: 20, branch: [] },
  ];
  return (ops, given) => {
    const [keys, values] = [ops.newStore(12), ops.newStore(12)];
    keys.append(given.matrix('first keys', 15, 12));
    values.append(given.matrix('first values', 15, 12));
    keys.keep(9, [10, 12]);
    values.keep(9, [10, 12]);
    keys.append(given.matrix('more keys', 9, 12));
    values.append(given.matrix('more values', 9, 12));
    const sinks = withSinks ? given.weight('sinks', 4) : null;
    return ops.attention(given.matrix('query', 3, WIDTH), keys, values, visible, { ...shape, sinks });
  };
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  embed: (ops, given) => ops.embed(given.weight('table', 5, WIDTH), [4, 0, 4]),
  linear: (ops, given) => ops.linear(given.matrix('x', ROWS, 129), given.weight('w', 7, 129), null),
  'linear with bias': (ops, given) =>
    ops.linear(given.matrix('x', 1, WIDTH), given.weight('w', 9, WIDTH), given.weight('b', 9)),
  'two linears': (ops, given) => {
    const x = ops.linear(given.matrix('x', ROWS, 10), given.weight('a', 4, 10), null);
    return ops.addScaled(given.matrix('y', ROWS, 9), 0.7, ops.linear(x, given.weight('b', 9, 4), null));
  },
  'rms norm': (ops, given) => ops.rmsNorm(given.matrix('x', ROWS, WIDTH), given.weight('gain', WIDTH), 1e-5),
  'rms norm of heads, with an offset': (ops, given) =>
    ops.rmsNorm(given.matrix('x', ROWS, WIDTH), given.weight('gain', 6), 1e-6, { parts: 4, offset: 1 }),
  'layer norm': (ops, given) =>
    ops.layerNorm(given.matrix('x', ROWS, WIDTH), given.weight('gain', WIDTH), given.weight('bias', WIDTH), 1e-5),
  'layer norm of heads, bare': (ops, given) =>
    ops.layerNorm(given.matrix('x', ROWS, WIDTH), null, null, 1e-5, { parts: 4 }),
  rotate: (ops, given) =>
    ops.rotate(given.matrix('x', ROWS, WIDTH), 4, { cos: given.numbers('cos', 9), sin: given.numbers('sin', 9) }),
  'rotate neighbours': (ops, given) => {
    const rotation = { cos: given.numbers('cos', 6), sin: given.numbers('sin', 6), dimensions: 4, interleaved: true };
    return ops.rotate(given.matrix('x', ROWS, WIDTH), 4, rotation);
  },
  attention: attending({}),
  'attention, capped': attending({ softCap: 3, scale: 1.5 }),
  'attention, biased': attending({ slopes: Float64Array.of(0.5, 0.25, 0.125, 0.0625) }),
  'attention with sinks': attending({}, true),
  silu: (ops, given) => ops.silu(given.matrix('x', ROWS, WIDTH)),
  gelu: (ops, given) => ops.gelu(given.matrix('x', ROWS, WIDTH)),
  'gelu by tanh': (ops, given) => ops.geluTanh(given.matrix('x', ROWS, WIDTH)),
  'gelu, fast': (ops, given) => ops.geluFast(given.matrix('x', ROWS, WIDTH)),
  'gelu of moderate numbers': (ops, given) => ops.gelu(ops.scale(given.matrix('x', ROWS, WIDTH), 4)),
  relu: (ops, given) => ops.relu(given.matrix('x', ROWS, WIDTH)),
  'soft cap': (ops, given) => ops.softCap(given.matrix('x', ROWS, WIDTH), 0.3),
  scale: (ops, given) => ops.scale(given.matrix('x', ROWS, WIDTH), -1.7),
  add: (ops, given) => ops.add(given.matrix('x', ROWS, WIDTH), given.matrix('y', ROWS, WIDTH)),
  multiply: (ops, given) => ops.multiply(given.matrix('x', ROWS, WIDTH), given.matrix('y', ROWS, WIDTH)),
  'pick rows': (ops, given) => ops.pickRows(given.matrix('x', ROWS, WIDTH), [2, 0, 2]),
  'pick columns': (ops, given) =>
    ops.pickColumns(given.matrix('x', ROWS, WIDTH), { from: 2, size: 3, stride: 8, count: 3 }),
  'stack rows': (ops, given) => {
    const x = given.matrix('x', ROWS, WIDTH);
    return ops.stackRows([x, given.matrix('y', 1, WIDTH), ops.pickRows(x, []), x]);
  },
  'mix rows': (ops, given) =>
    ops.mixRows(4, WIDTH, [
      { rows: [0, 2, 3], weights: given.numbers('first', 3), x: given.matrix('x', 3, WIDTH) },
      { rows: [], weights: new Float64Array(), x: given.matrix('none', 0, WIDTH) },
      { rows: [2, 3], weights: given.numbers('second', 2), x: given.matrix('y', 2, WIDTH) },
    ]),
};

/** The first result that is not within its bound, in words. */
function outlier({ got, exact, bound }: Judged): string | null {
  if (got.length !== exact.length || bound.length !== exact.length) return 'not as many numbers';
  const i = got.findIndex((number, at) => !(Math.abs(number - exact[at]!) <= bound[at]!));
  return i < 0 ? null : `number ${i}: ${got[i]} for ${exact[i]}, bound ${bound[i]}`;
}

for (const mode of GPU_MODES) {
  describe.skipIf(!modesHere.includes(mode))(`within the derived bound: ${labelOf(mode)}`, () => {
    const backend = modesHere.includes(mode) ? backendIn(mode) : null!;
    const cases = fc.record({ kind: fc.constantFrom(...KINDS), seed: fc.integer() });

    it.each(Object.entries(OPERATIONS))('%s', (name, operation) => {
      const judged = new Map<string, number>();
      fc.assert(
        fc.property(cases, ({ kind, seed }) => {
          const result = judge(backend, operation, kind, seed);
          expect(outlier(result)).toBe(null);
          const finite = result.bound.filter(Number.isFinite).length / result.bound.length;
          judged.set(kind, Math.min(judged.get(kind) ?? 1, finite));
        }),
        { numRuns: 40 },
      );
      // An infinite bound judges nothing: only attention may have one, where scores of 1e20 are too close to tell the
      // largest.
      const open = name.startsWith('attention') ? ['large'] : [];
      expect([...judged].filter(([kind, share]) => share < 1 && !open.includes(kind))).toEqual([]);
    });
  });
}

describe('the check itself', () => {
  /** What the device does against what it should have done. */
  const confused = (right: Operation, wrong: Operation): string | null => {
    const [backend, seed] = [backendIn('webasm'), 1];
    return outlier({ ...judge(backend, right, 'random', seed), got: judge(backend, wrong, 'random', seed).got });
  };
  const norm =
    (epsilon: number): Operation =>
    (ops, given) =>
      ops.rmsNorm(given.matrix('x', ROWS, WIDTH), given.weight('gain', WIDTH), epsilon);

  it('fails for small faults', () => {
    expect(confused(norm(1e-5), norm(1e-5))).toBe(null);
    expect(confused(norm(1e-5), norm(2e-5))).toMatch(/^number/);
    expect(confused(OPERATIONS.gelu!, OPERATIONS['gelu by tanh']!)).toMatch(/^number/);
    expect(confused(attending({ scale: 0.5 }), attending({ scale: 0.50001 }))).toMatch(/^number/);
    expect(confused(attending({ softCap: 50 }), attending({}))).toMatch(/^number/);
  });

  it('fails for a result in half the precision', () => {
    const judged = judge(backendIn('webasm'), OPERATIONS.linear!, 'random', 1);
    const half = judged.got.map((number) => Math.fround(number * 4097) - Math.fround(number * 4096));
    expect(outlier({ ...judged, got: half })).toMatch(/^number/);
  });

  it('bounds are far below the numbers that they are for', () => {
    const { exact, bound } = judge(backendIn('webasm'), OPERATIONS.linear!, 'random', 2);
    expect(Math.max(...bound)).toBeLessThan(Math.max(...exact.map(Math.abs)) / 1000);
  });
});
