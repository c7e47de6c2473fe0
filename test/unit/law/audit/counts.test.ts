/** Counts of rounds: the evidence of the rounds one by one, and the known faults that take millions of them. */
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../../../src/errors.ts';
import { FAULTS } from '../../../../src/law/faults/faults.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import type { Outcome } from '../../../../src/law/round-program.ts';
import { ruleNamed } from '../../../../src/verify/rules.ts';
import { audited, counted, hypothesis } from '../../../support/audits.ts';
import { countsFrom, REVEALING } from '../../../support/sampled-rounds.ts';

const revealing = problemFrom(REVEALING);

/** Rounds for the faintest faults, on the problems that reveal them best. */
const MILLIONS: Readonly<Record<string, number>> = {
  'rounded-draft-law': 3e6,
  'coin-at-most': 5e7,
  'accept-at-most': 2e8,
};

describe('faults that take millions of rounds are found and named', () => {
  it('the faint ones say why they are', () => {
    const faint = [...FAULTS.values()].filter((fault) => fault.faint !== undefined);
    expect(faint.map(({ name }) => name).sort()).toEqual(Object.keys(MILLIONS).sort());
  });

  it.each(Object.entries(MILLIONS))(
    '%s, from counts of %d rounds',
    (name, rounds) => {
      const problem = problemFrom(FAULTS.get(name)!.reveals);
      const rule = ruleNamed('rejection');
      const faulty = hypothesis(problem, rule, name);
      for (const draftsKnown of [true, false]) {
        const audit = counted(problem, rule, countsFrom(faulty.outcomes, 5, rounds), draftsKnown);
        const [best] = audit.explanations();
        expect(audit.tokens.rounds).toBe(rounds);
        expect(audit.tokens.firstAlarm, 'alarm').toBe(rounds);
        expect(best!.hypotheses.map((one) => one.name)).toEqual([name]);
        expect(best!.posterior).toBeGreaterThan(0.99);
        expect(audit.isExplained()).toBe(true);
        // Half as many are expected to do.
        expect(audit.roundsNeeded(faulty).toSee).toBeLessThan(rounds / 2);
      }
      const { outcomes } = hypothesis(problem, rule, 'correct');
      const calm = counted(problem, rule, countsFrom(outcomes, 6, rounds));
      expect([calm.tokens, calm.drafts!, calm.rounds].map(({ firstAlarm }) => firstAlarm)).toEqual([null, null, null]);
    },
    180_000,
  );
});

describe('counts', () => {
  it('give the evidence of the rounds one by one, in any order', () => {
    const rule = ruleNamed('rejection');
    for (const name of ['correct', 'double-ratio']) {
      const counts = [...countsFrom(hypothesis(revealing, rule, name).outcomes, 3, 5000)];
      const oneByOne = counts.flatMap(({ outcome, times }) => new Array<Outcome>(times).fill(outcome));
      const backwards = audited(revealing, rule, oneByOne.reverse(), oneByOne.length);
      const together = counted(revealing, rule, counts);
      for (const test of ['tokens', 'drafts', 'rounds'] as const) {
        expect(together[test]!.logEValue).toBeCloseTo(backwards[test]!.logEValue, 8);
      }
      const [likelihoods, others] = [together, backwards].map((audit) =>
        audit.explanations().map(({ hypotheses: [first], logLikelihood }) => [first!.name, logLikelihood] as const),
      );
      for (const [i, [first, logLikelihood]] of likelihoods!.entries()) {
        expect(first).toBe(others![i]![0]);
        if (Number.isFinite(logLikelihood)) expect(logLikelihood).toBeCloseTo(others![i]![1], 7);
      }
    }
  });

  it('are refused when they are invalid', () => {
    const rule = ruleNamed('rejection');
    const { outcome } = hypothesis(revealing, rule, 'correct').outcomes[0]!;
    for (const times of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = new OptionError('round 1: times', 'an integer of at least 1', `${times}`);
      expect(() => counted(revealing, rule, [{ outcome, times }])).toThrow(message);
    }
  });

  it('sorted rounds of a correct engine are not evidence, though one by one they would look like it', () => {
    const rule = ruleNamed('rejection');
    const counts = [...countsFrom(hypothesis(revealing, rule, 'correct').outcomes, 4, 20_000)];
    expect(counted(revealing, rule, counts).tokens.firstAlarm).toBe(null);
    const sorted = counts.flatMap(({ outcome, times }) => new Array<Outcome>(times).fill(outcome));
    expect(audited(revealing, rule, sorted, sorted.length).tokens.firstAlarm).not.toBe(null);
  });
});
