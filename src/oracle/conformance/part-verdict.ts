/**
 * How an engine did on the parts of suites, and what explains its failures.
 * @packageDocumentation
 */
import type { Explanation, JudgedCase } from './conform-case.ts';

/** How an engine did on the cases of a part. */
export interface PartVerdict {
  readonly suite: string;
  readonly part: string;
  readonly judged: number;
  readonly failed: number;
  /**
   * What explains all of it (SPEC-CONFORM-EXPLAINED). Empty without a failure, and when nothing known does: a fault is
   * named only if it fits every case, those that pass included.
   */
  readonly explanations: readonly Explanation[];
}

/** The verdict on each part that was judged. */
export function partVerdicts(cases: readonly JudgedCase[]): PartVerdict[] {
  const parts = new Map<string, JudgedCase[]>();
  for (const each of cases) {
    if (!['pass', 'near tie', 'fail'].includes(each.outcome.kind)) continue;
    const key = `${each.test.suite} ${each.test.part}`;
    parts.set(key, [...(parts.get(key) ?? []), each]);
  }
  return [...parts.values()].map((answered) => {
    const { suite, part } = answered[0]!.test;
    const failed = answered.filter(({ outcome }) => outcome.kind === 'fail').length;
    const explanations = failed === 0 ? [] : commonExplanations(answered);
    return { suite, part, judged: answered.length, failed, explanations };
  });
}

function commonExplanations(answered: readonly JudgedCase[]): readonly Explanation[] {
  const [first, ...others] = answered as [JudgedCase, ...JudgedCase[]];
  let common = first.test.explain(first.outcome);
  for (const { test, outcome } of others) {
    if (common.length === 0) break;
    const fitting = new Set(test.explain(outcome).map(({ kind, name }) => `${kind} ${name}`));
    common = common.filter(({ kind, name }) => fitting.has(`${kind} ${name}`));
  }
  return common;
}
