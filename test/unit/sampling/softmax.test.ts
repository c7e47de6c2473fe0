import { describe, expect, it } from 'vitest';
import { LawError } from '../../../src/errors.ts';
import { argmax, softmax } from '../../../src/sampling/softmax.ts';

const INF = Number.POSITIVE_INFINITY;

describe('softmax', () => {
  it('of powers of two', () => {
    const law = softmax(Float64Array.of(0, Math.LN2, Math.LN2, 2 * Math.LN2));
    [1 / 9, 2 / 9, 2 / 9, 4 / 9].forEach((mass, i) => {
      expect(law[i]).toBeCloseTo(mass, 15);
    });
  });

  it('a removed token has exactly no mass, a single one has all', () => {
    expect(softmax(Float64Array.of(-INF, 3, 3, -INF))).toEqual(Float64Array.of(0, 0.5, 0.5, 0));
    expect(softmax(Float64Array.of(-INF, -7))).toEqual(Float64Array.of(0, 1));
    expect(softmax(Float64Array.of(1e308))).toEqual(Float64Array.of(1));
  });

  it('the largest logit is subtracted, so nothing overflows or is lost', () => {
    expect(softmax(Float64Array.of(1000, 1000, -1000))).toEqual(Float64Array.of(0.5, 0.5, 0));
    expect(softmax(Float64Array.of(-1000, -1000))).toEqual(Float64Array.of(0.5, 0.5));
    expect(softmax(Float64Array.of(1e308, -1e308))).toEqual(Float64Array.of(1, 0));
  });
});

describe('argmax', () => {
  it('takes the lowest id on ties', () => {
    expect(argmax([1, 3, 3])).toBe(1);
    expect(argmax([3, 3, 1])).toBe(0);
    expect(argmax([-INF, -1e308, -INF])).toBe(1);
    expect(argmax([-0, 0])).toBe(0); // equal, though sorts tell them apart
  });
});

it('what has no largest number is a law error', () => {
  const wrong: [number[], RegExp][] = [
    [[0, Number.NaN], /^logit 1: .*got NaN$/],
    [[Number.NaN, 0], /^logit 0: .*got NaN$/],
    [[INF, 0], /^logit 0: .*got Infinity$/],
    [[-INF, -INF], /^logits: .*got none$/],
    [[], /^logits: .*got none$/],
  ];
  for (const [logits, message] of wrong) {
    for (const ask of [argmax, softmax]) {
      expect(() => ask(Float64Array.from(logits)), `${logits}`).toThrow(LawError);
      expect(() => ask(Float64Array.from(logits)), `${logits}`).toThrow(message);
    }
  }
});
