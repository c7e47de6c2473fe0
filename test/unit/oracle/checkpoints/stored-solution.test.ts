import { describe, expect, it } from 'vitest';
import { bfloat16Value, widened } from '../../../../src/numerics/stored.ts';
import { dot, nearestStored, storedExactly, storedSolver } from '../../../../src/oracle/checkpoints/stored-solution.ts';
import { numbersFrom } from '../../../support/random-model.ts';

describe('the nearest bfloat16', () => {
  it('is itself for every bfloat16, and the nearer neighbour between two, the even one in the middle', () => {
    for (let bits = 0x0080; bits < 0x7f7f; bits += 7) {
      const [one, next] = [bfloat16Value(bits), bfloat16Value(bits + 1)];
      const even = bits % 2 === 0 ? one : next;
      for (const sign of [1, -1]) {
        expect(nearestStored('BF16', sign * one)).toBe(sign * one);
        expect(nearestStored('BF16', sign * (one + (next - one) / 4))).toBe(sign * one);
        expect(nearestStored('BF16', sign * (one + (next - one) * 0.75))).toBe(sign * next);
        expect(nearestStored('BF16', (sign * (one + next)) / 2)).toBe(sign * even);
        // Just beyond the middle, by the last bit of a float64: rounding to float32 first would lose it.
        expect(nearestStored('BF16', ((sign * (one + next)) / 2) * (1 + 2 ** -50))).toBe(sign * next);
      }
    }
  });

  it('is zero below the normal numbers', () => {
    expect(nearestStored('BF16', 2 ** -127)).toBe(0);
    expect(nearestStored('F32', -(2 ** -140))).toBe(0);
  });
});

it('stores numbers of a format as they are', () => {
  const numbers = Float64Array.of(1.5, -0.0078125, 0, 16_384);
  for (const format of ['BF16', 'F32'] as const) {
    expect([...widened(storedExactly('w', format, numbers, [2, 2]))]).toEqual([...numbers]);
  }
});

describe('equations in stored weights', () => {
  const draw = numbersFrom(3);
  const states = Array.from({ length: 4 }, () => draw(24, 1));
  const groups = [0, 8, 16].map((from) => Array.from({ length: 8 }, (_, i) => from + i));
  const b = [1, -2, 0.3, 5];
  const rest = (row: Float64Array) => Math.max(...states.map((state, n) => Math.abs(dot(state, row) - b[n]!)));

  it('come nearer with every group, by about the precision of the format', () => {
    const left = [1, 2, 3].map((count) => {
      const solver = storedSolver({ label: 'w', format: 'BF16', states, groups: groups.slice(0, count) });
      return rest(solver.row(b, new Float64Array(24)));
    });
    expect(left[0]).toBeGreaterThan(1e-4);
    expect(left[1]).toBeLessThan(left[0]! / 50);
    expect(left[2]).toBeLessThan(left[1]! / 50);
  });

  it('have solutions that the format holds', () => {
    const { row } = storedSolver({ label: 'w', format: 'BF16', states, groups });
    for (const weight of row(b, new Float64Array(24))) expect(nearestStored('BF16', weight)).toBe(weight);
  });

  it('move the start by what the states do not see, and no more', () => {
    const { row } = storedSolver({ label: 'w', format: 'F32', states, groups });
    const start = Float64Array.from({ length: 24 }, (_, k) => (k < 8 ? 0.5 : 0));
    const found = row(b, start);
    expect(rest(found)).toBeLessThan(1e-12);
    expect(found.slice(0, 8)).not.toEqual(row(b, new Float64Array(24)).slice(0, 8));
  });
});
