import type { Rule } from '../../verify/rule.ts';
import type { Problem } from '../problem.ts';
import type { WorkOptions } from '../work.ts';
import { type Hypothesis, hypothesesFor } from './hypotheses.ts';
import { type AuditPlan, planAudit } from './plan.ts';

interface Planned {
  readonly hypotheses: readonly Hypothesis[];
  readonly plans: Map<boolean, AuditPlan>;
}

/** Plans with all known faults live as long as their problem. */
const planned = new WeakMap<Problem, Map<Rule, Planned>>();

/**
 * The plan of an audit with all known faults, enumerated once per problem and rule and kept as long as the problem.
 * With a budget it is enumerated again, so that the budget is checked every time.
 * @throws {@link UnsupportedError} when the rule does not accept drafts of the problem's shape; {@link WorkLimitError}
 * when enumerating would take more than the budget.
 * @example
 * import assert from 'node:assert/strict';
 * import { auditPlan, problemFrom, roundsNeeded } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const plan = auditPlan(problem, rejection);
 * assert.equal(auditPlan(problem, rejection), plan);
 * const always = plan.hypotheses.find(({ name }) => name === 'coins-at-zero')!;
 * assert.ok(roundsNeeded(plan, always, 1e-6).toSee < 300); // known before any round is played
 */
export function auditPlan(problem: Problem, rule: Rule, draftsKnown = true, work: WorkOptions = {}): AuditPlan {
  const enumerated = (): readonly Hypothesis[] => hypothesesFor(problem, rule, undefined, work);
  if (work.budget !== undefined) return planAudit({ problem, rule, hypotheses: enumerated(), draftsKnown });
  const byRule = planned.get(problem) ?? new Map<Rule, Planned>();
  planned.set(problem, byRule);
  const known = byRule.get(rule) ?? { hypotheses: enumerated(), plans: new Map<boolean, AuditPlan>() };
  byRule.set(rule, known);
  const { hypotheses, plans } = known;
  const plan = plans.get(draftsKnown) ?? planAudit({ problem, rule, hypotheses, draftsKnown });
  plans.set(draftsKnown, plan);
  return plan;
}
