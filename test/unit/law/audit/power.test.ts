import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypothesesFor, plainLaw } from '../../../../src/law/audit/hypotheses.ts';
import {
  growthAgainst,
  leastDivergence,
  roundsToSee,
  smallestVisible,
  visitsToSee,
} from '../../../../src/law/audit/power.ts';
import { nextLetterLaws, type WeightedSequence } from '../../../../src/law/audit/sequence-law.ts';
import { SequentialTest } from '../../../../src/law/audit/sequential-test.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { freshTape, REVEALING } from '../../../support/sampled-rounds.ts';

const distance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((total, x, i) => total + Math.abs(x - b[i]!), 0) / 2;
const lawOf = (weights: readonly number[]) => {
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
};
const laws = fc
  .integer({ min: 2, max: 5 })
  .chain((letters) => fc.array(fc.integer({ min: 1, max: 30 }), { minLength: letters, maxLength: letters }))
  .map(lawOf);

describe('the least divergence at a distance', () => {
  it('is below that of every law there, above 2 d^2, and reached', () => {
    fc.assert(
      fc.property(laws, fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 5, maxLength: 5 }), (p, weights) => {
        fc.pre(weights.slice(0, p.length).some((weight) => weight > 0));
        const g = lawOf(weights.slice(0, p.length));
        const d = distance(g, p);
        const divergence = g.reduce((total, x, i) => total + (x > 0 ? x * Math.log(x / p[i]!) : 0), 0);
        expect(leastDivergence(p, d - 1e-12)).toBeLessThanOrEqual(divergence + 1e-9);
        expect(leastDivergence(p, d)).toBeGreaterThanOrEqual(2 * d * d - 1e-9);
      }),
    );
    // Two letters leave one law at each distance on either side.
    expect(leastDivergence([0.3, 0.7], 0.2)).toBeCloseTo(
      Math.min(
        0.5 * Math.log(0.5 / 0.3) + 0.5 * Math.log(0.5 / 0.7),
        0.1 * Math.log(0.1 / 0.3) + 0.9 * Math.log(0.9 / 0.7),
      ),
      12,
    );
  });

  it('falls back on 2 d^2 for many letters', () => {
    expect(leastDivergence(new Array<number>(20).fill(0.05), 0.1)).toBeCloseTo(0.02, 12);
  });
});

describe('the number of visits that make a distance visible', () => {
  it('is the first at which it is', () => {
    fc.assert(
      fc.property(laws, fc.constantFrom(0.02, 0.1, 0.2), (law, distance) => {
        const prefix = { law, weight: 0.1 };
        const visits = visitsToSee(prefix, distance, Math.log(20));
        fc.pre(Number.isFinite(visits));
        const visible = (total: number) =>
          smallestVisible({ ...prefix, seen: { total, letters: law.length } as never }, Math.log(20));
        expect(visible(visits)).toBeLessThanOrEqual(distance + 1e-9);
        expect(visible(visits - 1)).toBeGreaterThan(distance - 1e-9);
      }),
    );
  });

  it('is infinite for a distance that no law has', () => {
    expect(visitsToSee({ law: [0.5, 0.5], weight: 1 }, 0.6, 1)).toBe(Infinity);
  });

  it('of a law with one letter only: an impossible one would have come', () => {
    expect(visitsToSee({ law: [1], weight: 1 }, 0.1, 1)).toBe(10);
  });
});

describe('the smallest visible total variation', () => {
  it('keeps its promise: frequencies that far off have raised the alarm, whatever they are', () => {
    let raised = 0;
    fc.assert(
      fc.property(laws, laws, fc.nat(), (p, g, seed) => {
        fc.pre(p.length === g.length);
        const test = new SequentialTest({ after: () => p }, [], 1e-6);
        const tape = freshTape(seed);
        const bounds = g.map((_, i) => g.slice(0, i + 1).reduce((a, b) => a + b));
        for (let i = 0; i < 400; i++) {
          const u = tape.uniform({ purpose: 'draft', position: 0 });
          test.observe([
            Math.max(
              0,
              bounds.findIndex((bound) => u < bound),
            ),
          ]);
          const [record] = test.records();
          const frequencies = p.map((_, x) => record!.seen.count(x) / record!.seen.total);
          if (i % 20 !== 19 || distance(frequencies, p) < smallestVisible(record!, test.logThreshold)) continue;
          expect(test.firstAlarm).not.toBe(null);
          raised += 1;
        }
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(raised).toBeGreaterThan(100);
  });

  it('holds for an engine that far off: it is seen with odds of about one half or more', () => {
    const [p, rounds] = [[0.4, 0.3, 0.2, 0.1], 3000];
    const calm = new SequentialTest({ after: () => p }, [], 1e-6);
    for (let i = 0; i < rounds; i++) calm.observe([i % 4]); // only the count matters
    const d = smallestVisible(calm.records()[0]!, calm.logThreshold);
    let seen = 0;
    for (let seed = 0; seed < 100; seed++) {
      // The nearest law at distance d in divergence moves mass between sets; here from {2, 3} to {0, 1}.
      const g = [0.4 + (d * 4) / 7, 0.3 + (d * 3) / 7, 0.2 - (d * 2) / 3, 0.1 - d / 3];
      const test = new SequentialTest({ after: () => p }, [], 1e-6);
      const tape = freshTape(seed);
      for (let i = 0; i < rounds && test.firstAlarm === null; i++) {
        const u = tape.uniform({ purpose: 'draft', position: 0 });
        test.observe([u < g[0]! ? 0 : u < g[0]! + g[1]! ? 1 : u < 1 - g[3]! ? 2 : 3]);
      }
      if (test.firstAlarm !== null) seen += 1;
    }
    expect(d).toBeCloseTo(0.0689, 4);
    expect(seen).toBeGreaterThanOrEqual(50);
  });

  it('is one frequency step where only one token is possible, and 1 while nothing would have been seen', () => {
    const test = new SequentialTest({ after: () => [0, 1] }, [], 1e-6);
    test.observe([1]);
    test.observe([1]);
    expect(smallestVisible(test.records()[0]!, test.logThreshold)).toBe(0.5);
    const young = new SequentialTest({ after: () => [0.5, 0.5] }, [], 1e-6);
    young.observe([1]);
    expect(smallestVisible(young.records()[0]!, young.logThreshold)).toBe(1);
  });
});

describe('rounds to see a fault', () => {
  it('agree with simulation', () => {
    const problem = problemFrom(REVEALING);
    const { outcomes } = hypothesesFor(problem, rejection).find(({ name }) => name === 'double-ratio')!;
    const sequences = outcomes.map(({ outcome, probability }): WeightedSequence => [outcome.emitted, probability]);
    const [plain, bet] = [plainLaw(problem, rejection), nextLetterLaws(sequences, 4)];
    const expected = roundsToSee(growthAgainst(plain, bet, sequences), 1 / 3, Math.log(1e6));
    const bounds = sequences.map((_, i) => sequences.slice(0, i + 1).reduce((total, [, mass]) => total + mass, 0));
    let total = 0;
    for (let seed = 0; seed < 200; seed++) {
      const test = new SequentialTest(plain, [bet], 1e-6);
      const tape = freshTape(seed);
      while (test.firstAlarm === null) {
        const u = tape.uniform({ purpose: 'draft', position: 0 });
        test.observe(sequences[bounds.findIndex((bound) => u < bound)]![0]);
      }
      total += test.firstAlarm;
    }
    expect(total / 200 / expected).toBeGreaterThan(0.85);
    expect(total / 200 / expected).toBeLessThan(1.15);
  });

  it('are those until the first impossible token when that is sooner, and infinite when there is nothing to see', () => {
    expect(roundsToSee({ perRound: 0, impossible: 0.25 }, 1, 10)).toBe(4);
    expect(roundsToSee({ perRound: 1e-17, impossible: 0 }, 1, 10)).toBe(Number.POSITIVE_INFINITY);
  });
});
