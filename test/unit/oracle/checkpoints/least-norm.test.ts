import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LawError } from '../../../../src/errors.ts';
import { leastNormSolver } from '../../../../src/oracle/checkpoints/least-norm.ts';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (x, i) => x * b[i]!).reduce((s, x) => s + x, 0);

describe('the shortest solution', () => {
  it('is that of a textbook example', () => {
    // x + 2 y + 2 z = 9: the multiple of (1, 2, 2) of length 3.
    const { solve, condition } = leastNormSolver('plane', [[1, 2, 2]]);
    for (const [i, x] of solve([9]).entries()) expect(x).toBeCloseTo([1, 2, 2][i]!, 14);
    expect(condition).toBeCloseTo(1, 14);
  });

  it('has the condition number of a diagonal', () => {
    expect(
      leastNormSolver('diagonal', [
        [4, 0],
        [0, 0.5],
      ]).condition,
    ).toBeCloseTo(Math.hypot(4, 0.5) * Math.hypot(0.25, 2), 12);
  });

  it('solves, and is orthogonal to whatever the equations do not see', () => {
    const entry = fc.double({ min: -1, max: 1, noNaN: true });
    const system = fc
      .integer({ min: 1, max: 6 })
      .chain((n) =>
        fc.tuple(
          fc.array(fc.array(entry, { minLength: 8, maxLength: 8 }), { minLength: n, maxLength: n }),
          fc.array(entry, { minLength: n, maxLength: n }),
          fc.array(entry, { minLength: 8, maxLength: 8 }),
        ),
      );
    fc.assert(
      fc.property(system, ([rows, b, other]) => {
        let solver: ReturnType<typeof leastNormSolver>;
        try {
          solver = leastNormSolver('random', rows);
        } catch (error) {
          return error instanceof LawError;
        }
        if (solver.condition > 1e6) return true;
        const x = solver.solve(b);
        const scale = 1 + Math.sqrt(dot(x, x));
        rows.forEach((row, i) => {
          expect(Math.abs(dot(row, x) - b[i]!) / scale).toBeLessThan(1e-8);
        });
        // Any vector less its projection on the rows is unseen by them.
        const projected = solver.solve(rows.map((row) => dot(row, other)));
        const unseen = other.map((value, i) => value - projected[i]!);
        expect(Math.abs(dot(unseen, x)) / scale).toBeLessThan(1e-8);
        return true;
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it.each<[string, number[][], RegExp]>([
    [
      'a row twice',
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      /equation 1 follows from the others/,
    ],
    ['a row of zeros', [[0, 0, 0]], /equation 0 follows/],
    ['more equations than unknowns', [[1], [2]], /at most 1 equations, got 2/],
  ])('refuses %s', (_, rows, message) => {
    expect(() => leastNormSolver('rows', rows)).toThrow(LawError);
    expect(() => leastNormSolver('rows', rows)).toThrow(message);
  });
});
