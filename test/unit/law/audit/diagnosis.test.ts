/** The diagnosis does not overclaim: faults that it does not know get no name, and one round decides nothing. */
import { describe, expect, it } from 'vitest';
import { Audit } from '../../../../src/law/audit/audit.ts';
import { audit } from '../../../../src/law/audit/audit-of.ts';
import { reportedKey, type WeightedOutcome } from '../../../../src/law/audit/outcome-table.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { counted, hypothesis, planFor } from '../../../support/audits.ts';
import { countsFrom, roundsFrom } from '../../../support/sampled-rounds.ts';
import { UNLISTED_ENGINES, unlistedDiagnoses } from '../../../support/unlisted-diagnoses.ts';
import { UNLISTED } from '../../../support/unlisted-faults.ts';

/** `1/2 sum |a - b|`. */
function variation(a: readonly WeightedOutcome[], b: readonly WeightedOutcome[]): number {
  const difference = new Map<string, number>();
  for (const [law, sign] of [[a, 1] as const, [b, -1] as const]) {
    for (const { outcome, probability } of law) {
      const key = reportedKey(outcome);
      difference.set(key, (difference.get(key) ?? 0) + sign * probability);
    }
  }
  return [...difference.values()].reduce((total, part) => total + Math.abs(part), 0) / 2;
}

describe('faults outside the catalogue', () => {
  it('have laws that no known fault has, nor the correct rule', () => {
    expect(UNLISTED.size).toBeGreaterThanOrEqual(11);
    for (const { name, problem, outcomes } of UNLISTED_ENGINES) {
      const distances = planFor(problem, rejection).hypotheses.map((known) => variation(known.outcomes, outcomes));
      expect(Math.min(...distances), name).toBeGreaterThan(0.002);
    }
  });

  it.each([true, false])(
    'at most 1 alarm in 20 gets a known name, however many rounds there are (drafts: %s)',
    (known) => {
      const checkpoints = [300, 1000, 10_000];
      const alarms = [...unlistedDiagnoses(1, known, checkpoints)];
      const named = alarms.filter(({ isNamed }) => isNamed).map(({ engine, rounds }) => `${engine}, ${rounds} rounds`);
      for (const checkpoint of ['alarm', ...checkpoints]) {
        const at = alarms.filter((alarm) => alarm.checkpoint === checkpoint);
        const wrong = at.filter(({ isNamed }) => isNamed).length;
        expect(wrong / at.length, named.join('\n')).toBeLessThanOrEqual(1 / 20);
      }
      expect(alarms.length).toBeGreaterThan(35);
    },
  );

  it('are said to be something else when the rounds suffice', () => {
    const { problem, outcomes } = UNLISTED_ENGINES.find(({ name }) => name.startsWith('half of q'))!;
    const judged = counted(problem, rejection, countsFrom(outcomes, 3, 20_000));
    const [best] = judged.explanations();
    expect(judged.conclude()).toBe('something else');
    expect(best).toMatchObject({ isKnown: false, hypotheses: [{ name: 'something-else' }] });
    expect(best!.posterior).toBeGreaterThan(0.99);
  });
});

describe('one impossible round', () => {
  it('names no fault, though one alone allows it', () => {
    // The target excludes token 2. Of the known faults some draft it and accept it; the others and the rule do not.
    const problem = problemFrom({ vocabulary: 3, target: ['1/2', '1/2', 0], draft: ['1/4', '1/2', '1/4'] });
    const correct = [...countsFrom(hypothesis(problem, rejection, 'correct').outcomes, 1, 300)];
    const judged = audit(problem, rejection);
    for (const { outcome, times } of correct) judged.count(outcome, times);
    judged.count({ drafted: [2], parents: [-1], accepted: 0, emitted: [2] }, 1);
    judged.look();
    expect(judged.hasAlarm).toBe(true);
    expect(judged.isExplained()).toBe(false);
    const allowing = judged.explanations().filter(({ logLikelihood }) => Number.isFinite(logLikelihood));
    expect(
      allowing.some(({ isKnown }) => isKnown),
      'some known fault allows it',
    ).toBe(true);
  });
});

describe('the conclusion', () => {
  it('is that the rounds are too few, as long as they are', () => {
    const { problem, outcomes } = UNLISTED_ENGINES.find(({ name }) =>
      name.startsWith('correction from the draft law'),
    )!;
    const judged = new Audit(planFor(problem, rejection));
    for (const round of roundsFrom(outcomes, 1)) {
      judged.observe(round);
      if (judged.hasAlarm) break;
    }
    expect(judged.tokens.rounds).toBeLessThan(10); // a token that the residual excludes
    expect(judged.conclude()).toBe('too few rounds');
  });
});
