import { describe, expect, it } from 'vitest';
import { logSoftmax } from '../../../src/sampling/log-probability.ts';

describe('logSoftmax', () => {
  it('is log_softmax of PyTorch 2.13 in float64', () => {
    const logits = Float64Array.of(0.3, -2, 5.5, Number.NEGATIVE_INFINITY, 5.5);
    const of = logSoftmax(logits);
    [-5.896177409171761, -8.19617740917176, -0.6961774091717605].forEach((value, token) => {
      expect(Math.abs(of(token) - value)).toBeLessThan(4 * Number.EPSILON * Math.abs(value));
    });
    expect(of(3)).toBe(Number.NEGATIVE_INFINITY);
    expect(of(4)).toBe(of(2));
  });

  it('takes logits of any size: the largest is subtracted before exp', () => {
    const of = logSoftmax(Float64Array.of(1e4, 1e4 - 1, -1e4));
    expect(of(0)).toBeCloseTo(-Math.log(1 + Math.exp(-1)), 14);
    expect(of(2)).toBeCloseTo(-2e4 - Math.log(1 + Math.exp(-1)), 10);
  });
});
