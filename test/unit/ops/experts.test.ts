import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { chooseExperts, mixRows } from '../../../src/ops/float64/experts.ts';

const logits = tensor('logits', Float64Array.of(0.1, 2, 2, -1, 3, 1, 0.5, 2.9), [2, 4]);

describe('chooseExperts', () => {
  it('takes the largest, weighted as PyTorch 2.13 does (softmax, topk, sum to 1)', () => {
    const shares = chooseExperts(logits, 2, true);
    expect(shares.map(({ rows }) => rows)).toEqual([[1], [0], [0], [1]]);
    const weights = shares.map(({ weights }) => weights[0]!);
    [0.52497918747894, 0.5, 0.5, 0.47502081252106].forEach((w, i) => {
      expect(Math.abs(weights[i]! - w)).toBeLessThan(8 * Number.EPSILON);
    });
  });

  it('leaves the weights of the softmax over all when they are not normalised', () => {
    const [first] = chooseExperts(logits, 2, false);
    expect(Math.abs(first!.weights[0]! - 0.4711963113851737)).toBeLessThan(8 * Number.EPSILON);
  });

  it('of equal logits takes the lower index', () => {
    expect(chooseExperts(logits, 1, true).map(({ rows }) => rows)).toEqual([[1], [0], [], []]);
  });

  it('refuses more experts than there are', () => {
    expect(() => chooseExperts(logits, 5, true)).toThrow(ShapeError);
  });
});

describe('mixRows', () => {
  it('sums the results of each row in the order of the experts', () => {
    const result = (rows: number[], weights: number[], data: number[]) => ({
      rows,
      weights: Float64Array.from(weights),
      x: tensor('x', Float64Array.from(data), [rows.length, 2]),
    });
    const mixed = mixRows(3, 2, [result([0, 2], [0.5, 2], [1, 2, 3, 4]), result([2], [1], [10, 20])]);
    expect([...mixed.data]).toEqual([0.5, 1, 0, 0, 16, 28]);
    expect(() => mixRows(2, 2, [result([2], [1], [10, 20])])).toThrow(ShapeError);
  });
});
