/**
 * Faults that no single round shows, because each round is right for some draft or some uniforms. They are in the law of
 * the rounds, so they are audited: sampled from the exact law of the faulty scheme, with a fixed seed.
 */
import { REVEALING } from '../../src/law/faults/examples.ts';
import { faultNamed, faultNeeds } from '../../src/law/faults/faults.ts';
import { type ProblemInput, problemFrom } from '../../src/law/problem-input.ts';
import { ruleNamed } from '../../src/verify/rules.ts';
import { counted, hypothesis } from '../support/audits.ts';
import { countsFrom } from '../support/sampled-rounds.ts';
import type { Row } from './row.ts';

/** On which problem each is audited, and in how many rounds. */
const AUDITS: Readonly<Record<string, { problem: ProblemInput; where: string; rounds: number }>> = {
  'greedy-draft': { problem: REVEALING, where: 'REVEALING', rounds: 2000 },
  'raw-draft-law': { problem: REVEALING, where: 'REVEALING', rounds: 2000 },
  'rounded-draft-law': {
    problem: faultNamed('rounded-draft-law').reveals,
    where: 'its own problem',
    rounds: 3_000_000,
  },
  'shared-noise': {
    problem: { vocabulary: 3, target: ['1/4', 0, '3/4'], draft: [0, '1/2', '1/2'] },
    where: 'a residual of one token',
    rounds: 2000,
  },
};

export const AUDITED: readonly string[] = Object.keys(AUDITS);

/** What the audit makes of a fault: whether the tokens raise the alarm, and what it names. */
export function auditedRow(fault: string): Row {
  const { problem: input, where, rounds } = AUDITS[fault]!;
  const problem = problemFrom(input);
  const planted = faultNamed(fault);
  const rule = planted.rules.map(ruleNamed).find((each) => faultNeeds(planted, each, problem) === null)!;
  const audit = counted(problem, rule, countsFrom(hypothesis(problem, rule, fault).outcomes, 5, rounds));
  const alarm = audit.tokens.firstAlarm !== null;
  const catching = { part: `audit/${rule.name}`, failed: 1, of: 1, first: `${rounds} rounds on ${where}` };
  const named =
    alarm && audit.conclude() === 'named' ? audit.explanations()[0]!.hypotheses.map(({ name }) => name) : [];
  return { fault, by: 'audit', isListed: true, caught: alarm ? [catching] : [], named };
}
