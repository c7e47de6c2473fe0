/**
 * The report on an engine: a verdict, and everything that it rests on.
 * @packageDocumentation
 */
import { type RuleVerdict, verdicts } from './diagnosis.ts';
import type { JudgedCase, Outcome, PlannedCase } from './judge.ts';
import type { Hello } from './protocol.ts';

/** Changes when readers have to change. */
export const REPORT_FORMAT = 1;

/**
 * PASS: everything asked was answered rightly. ALARM: something was not. UNDECIDED: nothing could be judged
 * (SPEC-CONFORM-VERDICT).
 */
export type Verdict = 'PASS' | 'ALARM' | 'UNDECIDED';

/** A case that did not pass. */
export interface ReportedCase {
  readonly id: string;
  readonly rule: string;
  readonly flags: readonly string[];
  readonly outcome: Outcome;
}

/** A report. */
export interface ConformanceReport {
  readonly formatVersion: typeof REPORT_FORMAT;
  readonly verdict: Verdict;
  /** Null if the engine did not say who it is; then `problem` tells what it did. */
  readonly engine: Hello | null;
  readonly problem: string | null;
  readonly counts: Readonly<Record<Outcome['kind'] | 'not asked', number>>;
  readonly rules: readonly RuleVerdict[];
  /** Every case that failed, gave an error, or broke the engine. */
  readonly failures: readonly ReportedCase[];
}

/** The report on the cases that were judged, of those that were planned. */
export function conformanceReport(
  engine: Hello,
  planned: readonly PlannedCase[],
  judged: readonly JudgedCase[],
): ConformanceReport {
  const counts = { ...NOTHING, 'not asked': planned.length - judged.length };
  for (const { outcome } of judged) counts[outcome.kind] += 1;
  const wrong = counts.fail + counts.error + counts.broken + counts['not asked'];
  return {
    formatVersion: REPORT_FORMAT,
    verdict: wrong > 0 ? 'ALARM' : counts.pass > 0 ? 'PASS' : 'UNDECIDED',
    engine,
    problem: null,
    counts,
    rules: verdicts(judged),
    failures: judged
      .filter(({ outcome }) => ['fail', 'error', 'broken'].includes(outcome.kind))
      .map(({ rule, test, outcome }) => ({ id: test.id, rule: rule.name, flags: test.flags, outcome })),
  };
}

/** The report on an engine that did not say who it is. */
export function silentReport(problem: string, planned: readonly PlannedCase[]): ConformanceReport {
  return {
    formatVersion: REPORT_FORMAT,
    verdict: 'ALARM',
    engine: null,
    problem,
    counts: { ...NOTHING, 'not asked': planned.length },
    rules: [],
    failures: [],
  };
}

const NOTHING: ConformanceReport['counts'] = {
  ...{ pass: 0, 'near tie': 0, fail: 0, unsupported: 0, error: 0, broken: 0 },
  'not asked': 0,
};
