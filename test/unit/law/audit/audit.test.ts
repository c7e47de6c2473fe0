/** Every known fault is found and named from rounds; correct engines raise no alarm. */
import { describe, expect, it } from 'vitest';
import { roundsToTellApart } from '../../../../src/law/audit/plan.ts';
import { FAULTS, faultNeeds } from '../../../../src/law/faults/faults.ts';
import { ROUNDED } from '../../../../src/law/numbers.ts';
import type { Problem } from '../../../../src/law/problem.ts';
import { type ProblemInput, problemFrom } from '../../../../src/law/problem-input.ts';
import { schemeFor } from '../../../../src/law/scheme.ts';
import type { Rule } from '../../../../src/verify/rule.ts';
import { RULES, ruleNamed } from '../../../../src/verify/rules.ts';
import { audited, hypothesis, planFor } from '../../../support/audits.ts';
import { REVEALING, roundsFrom, roundsOf } from '../../../support/sampled-rounds.ts';

const revealing = problemFrom(REVEALING);

/** Two siblings, of which the first has a child, in each way in which siblings are drawn. */
const trees = (['independent', 'without-replacement', 'top'] as const).map((drawn) =>
  problemFrom({ ...REVEALING, shape: { parents: [-1, -1, 0] }, drawn }),
);

/** A fault that REVEALING hides or shows too faintly. */
const OWN: Readonly<Record<string, ProblemInput>> = {
  'shared-noise': { vocabulary: 3, target: ['1/4', 0, '3/4'], draft: [0, '1/2', '1/2'] },
  'block-token-residual': {
    vocabulary: 3,
    target: {
      default: ['5/9', '4/9', 0],
      after: { 0: ['3/11', '2/11', '6/11'], 1: ['1/3', '2/3', 0], 2: ['2/3', 0, '1/3'] },
    },
    draft: {
      default: ['1/7', '6/7', 0],
      after: { 0: ['5/14', '6/14', '3/14'], 1: [0, '1/3', '2/3'], 2: ['5/7', 0, '2/7'] },
    },
    shape: { chain: 2 },
  },
  'typical-swapped': FAULTS.get('typical-swapped')!.reveals,
};

/** Rounds in which each fault is seen and leads beyond doubt: the most that any of 50 engines needed; half that on average. */
const ENOUGH: Readonly<Record<string, number>> = {
  'residual-softmax': 640,
  'resample-from-target': 480,
  'greedy-draft': 80,
  'raw-draft-law': 1250,
  'shared-noise': 2000,
  'target-row-late': 400,
  'unprocessed-target': 240,
  'greedy-not-one-hot': 10,
  'draft-row-shifted': 300,
  'uninitialised-draft-law': 480,
  'coins-at-zero': 40,
  'double-ratio': 180,
  'zeroed-target': 60,
  'first-unverified': 100,
  'block-token-residual': 1350,
  'block-stops-early': 180,
  'typical-swapped': 110,
};

describe('every known fault is found and named', () => {
  const visible = [...FAULTS.values()].filter((fault) => fault.faint === undefined);

  it.each(visible.map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
    const rounds = ENOUGH[name] ?? 2000;
    const problem = OWN[name] === undefined ? revealing : problemFrom(OWN[name]);
    const rule = fault.rules.map(ruleNamed).find((other) => faultNeeds(fault, other, problem) === null);
    expect(rule, 'a rule to plant it in').toBeDefined();
    const faulty = hypothesis(problem, rule!, name);
    for (const draftsKnown of [true, false]) {
      for (let seed = 0; seed < 3; seed++) {
        const audit = audited(problem, rule!, roundsFrom(faulty.outcomes, seed), rounds, draftsKnown);
        const [best] = audit.explanations();
        expect(audit.tokens.firstAlarm, 'alarm').not.toBe(null);
        expect(best!.hypotheses.map((one) => one.name)).toEqual([name]);
        expect(best!.posterior).toBeGreaterThan(0.99);
        // A name waits until a near relative of the fault would have been seen too.
        const toName = Math.max(rounds, roundsToTellApart(planFor(problem, rule!), faulty));
        expect(toName).toBeLessThanOrEqual(2000);
        expect(audited(problem, rule!, roundsFrom(faulty.outcomes, seed), toName, draftsKnown).conclude()).toBe(
          'named',
        );
      }
    }
  });
});

describe('correct engines raise no alarm', () => {
  it('1000 of them, by problem, lossless rule and seed, 100 rounds each', () => {
    const lossless = [...RULES.values()].filter((rule) => rule.lossless === 'law');
    const engines = [revealing, ...trees].flatMap((problem) =>
      lossless.filter((rule) => takes(problem, rule)).map((rule) => ({ problem, rule })),
    );
    expect(new Set(engines.map(({ rule }) => rule.name)).size).toBe(lossless.length);
    const alarms: string[] = [];
    for (let seed = 0; seed < 1000; seed++) {
      const { problem, rule } = engines[seed % engines.length]!;
      const audit = audited(problem, rule, roundsOf(schemeFor(problem, rule, ROUNDED), seed), 100);
      const tests = [audit.tokens, audit.drafts!, audit.rounds];
      if (tests.some(({ firstAlarm }) => firstAlarm !== null)) alarms.push(`${rule.name}, seed ${seed}`);
    }
    expect(alarms).toEqual([]);
  });

  it('however long they run: 20,000 rounds', () => {
    for (const name of ['rejection', 'block', 'match']) {
      const rule = ruleNamed(name);
      const { outcomes } = hypothesis(revealing, rule, 'correct');
      for (const draftsKnown of [true, false]) {
        const audit = audited(revealing, rule, roundsFrom(outcomes, 11), 20_000, draftsKnown);
        const tests = [audit.tokens, audit.drafts, audit.rounds];
        expect(tests.map((test) => test?.firstAlarm ?? null)).toEqual([null, null, null]);
        expect(audit.isExplained()).toBe(true);
      }
    }
  });

  it('a lossless engine that follows another rule than the named one is lossless, and seen to do so', () => {
    const match = schemeFor(revealing, ruleNamed('match'), ROUNDED);
    const audit = audited(revealing, ruleNamed('rejection'), roundsOf(match, 1), 1000);
    expect([audit.tokens.firstAlarm, audit.drafts!.firstAlarm]).toEqual([null, null]);
    expect(audit.rounds.firstAlarm).not.toBe(null);
    expect(audit.isExplained()).toBe(false);
  });

  it('a draft law other than the stated one is lossless, and seen', () => {
    const other = problemFrom({ ...REVEALING, draft: ['1/4', '1/4', '1/4', '1/4'] });
    const rule = ruleNamed('rejection');
    const audit = audited(revealing, rule, roundsOf(schemeFor(other, rule, ROUNDED), 1), 1000);
    expect(audit.tokens.firstAlarm).toBe(null);
    expect(audit.drafts!.firstAlarm).not.toBe(null);
  });
});

describe('the diagnosis', () => {
  it('names together what these rounds can never tell apart', () => {
    const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
    const rule = ruleNamed('rejection');
    const faulty = hypothesis(problem, rule, 'greedy-draft');
    const audit = audited(problem, rule, roundsFrom(faulty.outcomes, 0), 800);
    const [best] = audit.explanations();
    expect(best!.hypotheses.map(({ name }) => name)).toEqual(['greedy-draft', 'raw-draft-law']);
    expect(best!.posterior).toBeGreaterThan(0.99);
  });

  it('says so when no known fault explains the rounds', () => {
    const rule = ruleNamed('rejection');
    const twisted = problemFrom({ ...REVEALING, target: ['1/4', '1/4', '1/4', '1/4'] });
    const audit = audited(revealing, rule, roundsOf(schemeFor(twisted, rule, ROUNDED), 3), 2000);
    expect(audit.tokens.firstAlarm).not.toBe(null);
    expect(audit.isExplained()).toBe(false);
  });

  it('finds nothing behind a correct engine that it could name', () => {
    const rule = ruleNamed('rejection');
    const audit = audited(revealing, rule, roundsOf(schemeFor(revealing, rule, ROUNDED), 5), 4000);
    const explanations = audit.explanations();
    const correct = explanations.find(({ includesCorrect }) => includesCorrect)!;
    // What no number of rounds excludes: faults too faint to see, and something else that is as faint.
    const hidden = explanations.filter(
      ({ hypotheses: [first], isKnown }) => !isKnown || FAULTS.get(first!.name)?.faint,
    );
    const shares = [correct, ...hidden].map(({ posterior }) => posterior);
    expect(shares.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.99);
    expect(audit.isExplained()).toBe(true);
  });
});

function takes(problem: Problem, rule: Rule): boolean {
  try {
    planFor(problem, rule);
    return true;
  } catch {
    return false;
  }
}
