/** Audits of rounds one by one and of counts, with plans that are made once. */
import { Audit } from '../../src/law/audit/audit.ts';
import { type Hypothesis, hypothesesFor } from '../../src/law/audit/hypotheses.ts';
import { type AuditPlan, planAudit } from '../../src/law/audit/plan.ts';
import type { Problem } from '../../src/law/problem.ts';
import type { Outcome } from '../../src/law/round-program.ts';
import type { Rule } from '../../src/verify/rule.ts';

/** The plans of a rule on a problem, made once: with drafts and without. */
const plans = new Map<Problem, Map<Rule, readonly [known: AuditPlan, unknown: AuditPlan]>>();
export function planFor(problem: Problem, rule: Rule, draftsKnown = true): AuditPlan {
  const byRule = plans.get(problem) ?? new Map<Rule, readonly [AuditPlan, AuditPlan]>();
  plans.set(problem, byRule);
  let pair = byRule.get(rule);
  if (pair === undefined) {
    const audited = { problem, rule, hypotheses: hypothesesFor(problem, rule) };
    pair = [planAudit({ ...audited, draftsKnown: true }), planAudit({ ...audited, draftsKnown: false })];
    byRule.set(rule, pair);
  }
  return pair[draftsKnown ? 0 : 1];
}

export function hypothesis(problem: Problem, rule: Rule, name: string): Hypothesis {
  return planFor(problem, rule).hypotheses.find((one) => one.name === name)!;
}

export function audited(
  problem: Problem,
  rule: Rule,
  rounds: Iterable<Outcome>,
  count: number,
  draftsKnown = true,
): Audit {
  const audit = new Audit(planFor(problem, rule, draftsKnown));
  const iterator = rounds[Symbol.iterator]();
  for (let i = 0; i < count; i++) {
    const round = iterator.next().value as Outcome;
    audit.observe(draftsKnown ? round : { ...round, drafted: null, parents: null });
  }
  return audit;
}

export function counted(
  problem: Problem,
  rule: Rule,
  counts: Iterable<{ outcome: Outcome; times: number }>,
  draftsKnown = true,
): Audit {
  const audit = new Audit(planFor(problem, rule, draftsKnown));
  for (const { outcome, times } of counts) {
    audit.count(draftsKnown ? outcome : { ...outcome, drafted: null, parents: null }, times);
  }
  audit.look();
  return audit;
}
