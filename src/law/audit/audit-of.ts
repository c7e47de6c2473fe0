import { OptionError } from '../../errors.ts';
import type { Rule } from '../../verify/rule.ts';
import type { Fault } from '../faults/fault.ts';
import type { Problem } from '../problem.ts';
import type { WorkOptions } from '../work.ts';
import { Audit } from './audit.ts';
import { hypothesesFor } from './hypotheses.ts';
import { planAudit } from './plan.ts';
import { auditPlan } from './plans.ts';

/** Settings of an audit. */
export interface AuditOptions extends WorkOptions {
  /** Whether rounds say what was drafted; default true. */
  readonly draftsKnown?: boolean;
  /** Probability that a test ever raises an alarm on a correct engine; per test, default 1e-6. */
  readonly falseAlarm?: number;
  /** The faults to look for; by default all known ones. */
  readonly faults?: Iterable<Fault>;
}

// `satisfies` ties the list to the interface: a missing key does not compile.
const KNOWN = { draftsKnown: 0, falseAlarm: 0, faults: 0, budget: 0, onProgress: 0 } satisfies Record<
  keyof AuditOptions,
  0
>;

/**
 * Begins an audit: enumerates the correct rule and the rule with each known fault, and makes an {@link Audit} that
 * takes rounds, either one by one ({@link Audit.observe}) or as counts ({@link Audit.count}, then {@link Audit.look}
 * once). The laws of a problem are enumerated once ({@link auditPlan}), unless faults or a budget are given.
 * @throws {@link UnsupportedError} when the rule does not accept drafts of the problem's shape; {@link WorkLimitError}
 * when enumerating would take more than the budget; {@link OptionError} when an option is unknown or the false alarm
 * rate is not between 0 and 1.
 * @example
 * import assert from 'node:assert/strict';
 * import { audit, problemFrom } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const judged = audit(problem, rejection);
 * const round = { drafted: [0], parents: [-1], accepted: 1, emitted: [0, 0] };
 * for (let i = 0; i < 100; i++) judged.observe(round); // always the same
 * assert.ok(judged.tokens.firstAlarm! < 50);
 */
export function audit(problem: Problem, rule: Rule, options: AuditOptions = {}): Audit {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KNOWN, key));
  if (unknown !== undefined) throw new OptionError('option', `one of ${Object.keys(KNOWN).join(', ')}`, unknown);
  const { draftsKnown = true, falseAlarm, faults, ...work } = options;
  if (faults === undefined) return new Audit(auditPlan(problem, rule, draftsKnown, work), falseAlarm);
  const hypotheses = hypothesesFor(problem, rule, faults, work);
  return new Audit(planAudit({ problem, rule, hypotheses, draftsKnown }), falseAlarm);
}
