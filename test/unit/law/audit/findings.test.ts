/** What is said of an audit: impossible tokens, the worst prefix, and what comes first when nothing is wrong. */
import { describe, expect, it } from 'vitest';
import { Audit } from '../../../../src/law/audit/audit.ts';
import { audit } from '../../../../src/law/audit/audit-of.ts';
import { decisionFindings, prefixFindings, worstPrefix } from '../../../../src/law/audit/findings.ts';
import { faultNamed } from '../../../../src/law/faults/faults.ts';
import { ROUNDED } from '../../../../src/law/numbers.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { schemeFor } from '../../../../src/law/scheme.ts';
import { optimalTransport } from '../../../../src/verify/optimal-transport.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { ruleNamed } from '../../../../src/verify/rules.ts';
import { audited, counted, hypothesis, planFor } from '../../../support/audits.ts';
import { countsFrom, REVEALING, roundsFrom, roundsOf } from '../../../support/sampled-rounds.ts';

const revealing = problemFrom(REVEALING);

describe('tokens that the target excludes', () => {
  const problem = problemFrom({
    vocabulary: 3,
    target: ['1/2', '1/2', 0],
    draft: ['1/3', '1/3', '1/3'],
    shape: { chain: 0 },
  });
  const emitting = (token: number) => ({ drafted: [], parents: [], accepted: 0, emitted: [token] });

  it('are counted as what they are: frequencies where there should be none', () => {
    const judged = audit(problem, rejection);
    judged.observe(emitting(0));
    for (let i = 0; i < 999; i++) judged.observe(emitting(2));
    const [start] = prefixFindings(judged.tokens);
    expect(start).toMatchObject({ visits: 1000, logEvidence: Number.POSITIVE_INFINITY });
    // 1/2 (|.001 - .5| + |0 - .5| + .999), by hand
    expect(start!.totalVariation).toBeCloseTo(0.999, 12);
    expect(judged.tokens.firstAlarm).toBe(2);
  });

  it('in the very first round: no NaN', () => {
    const judged = audit(problem, rejection);
    judged.observe(emitting(2));
    expect(prefixFindings(judged.tokens)[0]).toMatchObject({ visits: 1, totalVariation: 1, smallestVisible: 1 });
    expect(judged.isExplained()).toBe(false);
  });

  it('do not end the counting: later rounds are seen', () => {
    const judged = audit(problem, rejection);
    judged.observe(emitting(2));
    for (let i = 0; i < 99; i++) judged.observe(emitting(i % 2));
    expect(prefixFindings(judged.tokens)[0]!.totalVariation).toBeCloseTo(0.01, 12);
  });
});

describe('explanations', () => {
  it('have odds against the correct rule, by hand', () => {
    const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
    const judged = audit(problem, rejection, { faults: [faultNamed('greedy-draft')] });
    // Correct: 4/5 drafted, 3/4 accepted, then 3/5. The fault drafts this token always. Before: 1/2, and 1/4.
    judged.observe({ drafted: [0], parents: [-1], accepted: 1, emitted: [0, 0] });
    const [correct, fault] = judged.explanations().filter(({ isKnown }) => isKnown);
    expect([correct!.logOddsAgainstCorrect, correct!.isRejected]).toEqual([0, false]);
    expect(fault!.logOddsAgainstCorrect).toBeCloseTo(Math.log(5 / 8), 12);
    expect(fault!.isRejected).toBe(false);
  });

  it('are rejected by a round that they exclude', () => {
    const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
    const judged = audit(problem, rejection, { faults: [faultNamed('greedy-draft')] });
    judged.observe({ drafted: [1], parents: [-1], accepted: 1, emitted: [1, 0] });
    const fault = judged.explanations().find(({ includesCorrect, isKnown }) => isKnown && !includesCorrect)!;
    expect([fault.logOddsAgainstCorrect, fault.isRejected]).toEqual([Number.NEGATIVE_INFINITY, true]);
  });
});

describe('the worst prefix', () => {
  it('is where the fault shows, not the start of a round', () => {
    // After token 0 the engine follows another law; at the start it is right.
    const wrongBelow = problemFrom({
      ...REVEALING,
      target: {
        ...(REVEALING.target as object),
        after: { 0: ['7/10', '1/10', '1/10', '1/10'] },
        default: ['2/5', '3/10', '1/5', '1/10'],
      },
      draft: ['2/5', '3/10', '1/5', '1/10'],
    });
    const stated = problemFrom({ ...REVEALING, draft: ['2/5', '3/10', '1/5', '1/10'] });
    const judged = audited(stated, rejection, roundsOf(schemeFor(wrongBelow, rejection, ROUNDED), 3), 3000);
    const worst = worstPrefix(judged.tokens);
    expect(judged.tokens.firstAlarm).not.toBe(null);
    expect(worst.prefix.length).toBe(1);
    expect(worst.totalVariation).toBeGreaterThan(worst.smallestVisible);
    expect(worst.logEvidence).toBeGreaterThan(prefixFindings(judged.tokens)[0]!.logEvidence);
  });
});

describe('explanations', () => {
  it('without an alarm the correct rule comes first, after any number of rounds, with the larger posterior at the start', () => {
    const judged = audited(revealing, rejection, [], 0);
    expect(judged.explanations()[0]!.includesCorrect).toBe(true);
    expect(judged.explanations()[0]!.posterior).toBeCloseTo(0.5, 12);
    for (const count of [1, 3, 10, 30, 100]) {
      for (let seed = 0; seed < 20; seed++) {
        const rounds = roundsOf(schemeFor(revealing, rejection, ROUNDED), seed);
        const some = audited(revealing, rejection, rounds, count);
        expect(some.hasAlarm).toBe(false);
        expect(some.explanations()[0]!.includesCorrect).toBe(true);
        expect(some.isExplained()).toBe(true);
      }
    }
  });

  it('under an alarm the correct rule explains nothing, however likely it is among the known', () => {
    const twisted = problemFrom({ ...REVEALING, target: ['1/4', '1/4', '1/4', '1/4'] });
    const judged = audited(revealing, rejection, roundsOf(schemeFor(twisted, rejection, ROUNDED), 3), 2000);
    expect(judged.hasAlarm).toBe(true);
    expect(judged.isExplained()).toBe(false);
  });

  it('a fault is named as before', () => {
    const { outcomes } = hypothesis(revealing, rejection, 'double-ratio');
    const [best] = audited(revealing, rejection, roundsFrom(outcomes, 1), 1000).explanations();
    expect(best!.hypotheses.map(({ name }) => name)).toEqual(['double-ratio']);
  });
});

it('a fault with which the rule cannot go on is left out: optimal transport, handed a law without the drafted token', () => {
  const problem = problemFrom({
    vocabulary: 3,
    target: ['1/2', '1/4', '1/4'],
    draft: { default: ['1/2', '1/2', 0], after: { 0: [0, 0, 1], 1: [0, 0, 1] } },
    shape: { chain: 2 },
  });
  const names = audit(problem, optimalTransport)
    .explanations()
    .flatMap(({ hypotheses }) => hypotheses.map(({ name }) => name));
  expect(names).toContain('correct');
  expect(names).not.toContain('draft-row-shifted');
});

describe('what is said of decisions', () => {
  it.each(['double-ratio', 'resample-from-target', 'target-row-late'])(
    'is kept: a distance that is called visible has raised the alarm, %s',
    (name) => {
      const judged = new Audit(planFor(revealing, rejection));
      let visible = false;
      for (const round of roundsFrom(hypothesis(revealing, rejection, name).outcomes, 2)) {
        judged.observe(round);
        if (judged.tokens.rounds % 10 !== 0) continue;
        const places = decisionFindings(judged.rounds);
        expect(places.every(({ smallestVisible }) => smallestVisible !== null)).toBe(true);
        visible = places.some((place) => place.totalVariation! >= place.smallestVisible! && place.smallestVisible! < 1);
        if (visible) break;
      }
      expect(visible).toBe(true);
      expect(judged.rounds.firstAlarm).not.toBe(null);
    },
  );

  it('is withheld where the law depends on more than the place', () => {
    const block = ruleNamed('block');
    const judged = counted(revealing, block, countsFrom(hypothesis(revealing, block, 'correct').outcomes, 1, 1e4));
    const acceptances = decisionFindings(judged.rounds).filter(({ about }) => about.kind === 'acceptance');
    expect(acceptances.some(({ smallestVisible }) => smallestVisible === null)).toBe(true);
    expect(judged.hasAlarm).toBe(false);
  });
});
