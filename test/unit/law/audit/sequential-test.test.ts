import { describe, expect, it } from 'vitest';
import { indexAt } from '../../../../src/chance/inverse-cdf.ts';
import { hypothesesFor, plainLaw } from '../../../../src/law/audit/hypotheses.ts';
import { nextLetterLaws, type SequenceLaw } from '../../../../src/law/audit/sequence-law.ts';
import { SequentialTest } from '../../../../src/law/audit/sequential-test.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { sampleAndMatch } from '../../../../src/verify/sample-and-match.ts';
import { freshTape } from '../../../support/sampled-rounds.ts';

const problem = problemFrom({
  vocabulary: 2,
  target: { default: ['3/5', '2/5'], after: { 0: ['1/4', '3/4'], 1: ['1/2', '1/2'] } },
  draft: ['4/5', '1/5'],
});
const law = plainLaw(problem, rejection);
const [correct, ...faulty] = hypothesesFor(problem, rejection);
const bets: SequenceLaw[] = faulty.map(({ outcomes }) =>
  nextLetterLaws(
    outcomes.map(({ outcome, probability }) => [outcome.emitted, probability]),
    2,
  ),
);

describe('wealth', () => {
  it.each([
    ['rejection', correct!.outcomes],
    ['sample-and-match, which ends rounds elsewhere', hypothesesFor(problem, sampleAndMatch, [])[0]!.outcomes],
  ])('has mean 1 under a lossless rule, over all sequences of rounds: %s', (_, outcomes) => {
    let mean = 0;
    const extend = (rounds: readonly (readonly number[])[], probability: number): void => {
      if (rounds.length < 3) {
        for (const next of outcomes) extend([...rounds, next.outcome.emitted], probability * next.probability);
        return;
      }
      const test = new SequentialTest(law, bets, 1e-6);
      for (const emitted of rounds) test.observe(emitted);
      mean += probability * Math.exp(test.logEValue);
    };
    extend([], 1);
    expect(mean).toBeCloseTo(1, 9);
  });
});

describe('the alarm', () => {
  it('comes at once after an impossible token, and stays', () => {
    const test = new SequentialTest({ after: () => [1, 0] }, [], 0.001);
    test.observe([0, 0]);
    expect(test.firstAlarm).toBe(null);
    test.observe([0, 1]);
    test.observe([0]);
    expect([test.firstAlarm, test.logEValue, test.rounds]).toEqual([2, Number.POSITIVE_INFINITY, 3]);
  });

  it('comes in the first round in which the average wealth has reached 1/alpha, also by bets that lay still', () => {
    // After prefix 0 the coin always shows 1; then that prefix is not visited again, and another bet grows.
    const fair: SequenceLaw = { after: () => [0.5, 0.5] };
    const test = new SequentialTest(fair, [], 1e-4);
    const rounds = [...Array(12).fill([0, 1]), ...Array(60).fill([1])];
    let first: number | null = null;
    for (const [i, emitted] of rounds.entries()) {
      test.observe(emitted);
      if (first === null && test.logEValue >= Math.log(1e4)) first = i + 1;
    }
    expect(first).not.toBe(null);
    expect(test.firstAlarm).toBe(first);
  });

  it('is raised by at most 5 of 100 correct engines that are tested after every round (alpha = 0.05)', () => {
    const [engines, rounds, alpha] = [2000, 400, 0.05];
    const weights = correct!.outcomes.map(({ probability }) => probability);
    let alarms = 0;
    for (let seed = 0; seed < engines; seed++) {
      const tape = freshTape(seed);
      const test = new SequentialTest(law, bets, alpha);
      for (let i = 0; i < rounds && test.firstAlarm === null; i++) {
        test.observe(
          correct!.outcomes[indexAt(tape.uniform({ purpose: 'draft', position: 0 }), weights)]!.outcome.emitted,
        );
      }
      if (test.firstAlarm !== null) alarms += 1;
    }
    const sigma = Math.sqrt((alpha * (1 - alpha)) / engines);
    expect(alarms / engines).toBeLessThanOrEqual(alpha + 3 * sigma);
    expect(alarms).toBeGreaterThan(0); // a test that never fires shows nothing
  });

  it.each([0, 1, Number.NaN, -1])('refuses a false alarm rate of %d', (rate) => {
    expect(() => new SequentialTest(law, [], rate)).toThrow(/false alarm rate: expected a number above 0/);
  });
});
