import { describe, expect, it } from 'vitest';
import { firstOutside, roundedUp, toleranceShape } from '../../../../src/oracle/vectors/tolerance.ts';

const INF = Number.POSITIVE_INFINITY;

describe('lists within a tolerance', () => {
  it.each<[string, number[], number[], number]>([
    ['equal', [1, 2], [1, 2], -1],
    ['at the bound', [1.5, 2], [1, 2], -1],
    ['beyond it', [1, 2.8], [1, 2], 1],
    ['something where zero is expected', [1e-300], [0], 0],
    ['minus zero where zero is expected', [-0], [0], -1],
    ['NaN where NaN is expected', [Number.NaN], [Number.NaN], -1],
    ['a number where NaN is expected', [1], [Number.NaN], 0],
    ['NaN where a number is expected', [Number.NaN], [1], 0],
    ['an infinity of the other sign', [INF], [-INF], 0],
    ['the same infinity', [-INF], [-INF], -1],
    ['a large number where infinity is expected', [1e308], [INF], 0],
    ['too few', [1], [1, 2], 1],
    ['too many', [1, 2], [1], 1],
  ])('%s', (_, got, expected, index) => {
    expect(firstOutside(got, expected, { atol: 0.25, rtol: 0.25 })).toBe(index);
  });
});

it('a tolerance over its cap does not fit its schema', () => {
  const shape = toleranceShape({ atol: 0, rtol: 1e-3 });
  expect(shape.safeParse({ atol: 0, rtol: 1e-3 }).success).toBe(true);
  for (const over of [{ atol: 0, rtol: 2e-3 }, { atol: 1e-9, rtol: 0 }, { atol: 0, rtol: -1 }, { rtol: 0 }]) {
    expect(shape.safeParse(over).success).toBe(false);
  }
});

it('rounds up to a power of ten', () => {
  expect([0, 1e-6, 1.1e-6, 3e-4].map((value) => roundedUp(value, 1e-6))).toEqual([1e-6, 1e-6, 1e-5, 1e-3]);
});
