/**
 * How an engine did on the parts of suites, and what explains its failures.
 * @packageDocumentation
 */
import { byPart } from './by-part.ts';
import type { Explanation, JudgedCase } from './conform-case.ts';

/** How an engine did on the cases of a part. */
export interface PartVerdict {
  readonly suite: string;
  readonly part: string;
  readonly judged: number;
  readonly failed: number;
  /**
   * What explains all of it (SPEC-CONFORM-EXPLAINED). Empty when nothing known does: a fault is named only if it fits
   * every case, those that pass included. A part without a failure needs none, but in a report on some shards it has
   * what fits so far, because a case of another shard may fail.
   */
  readonly explanations: readonly Explanation[];
}

/** Whether there were outputs to judge. */
export function isJudged({ kind }: { readonly kind: string }): boolean {
  return ['pass', 'near tie', 'fail'].includes(kind);
}

/** The verdict on each part that was judged. Without a failure a part is explained only if `always`. */
export function partVerdicts(cases: readonly JudgedCase[], always = false): PartVerdict[] {
  const judged = cases.filter(({ outcome }) => isJudged(outcome));
  const parts = byPart(judged.map((each) => ({ ...each, suite: each.test.suite, part: each.test.part })));
  return [...parts.values()].map((answered) => {
    const { suite, part } = answered[0]!.test;
    const failed = answered.filter(({ outcome }) => outcome.kind === 'fail').length;
    const explanations = failed > 0 || always ? explanationsOf(answered) : [];
    return { suite, part, judged: answered.length, failed, explanations };
  });
}

/** The verdict on a part from those on two sets of its cases. */
export function joined(a: PartVerdict, b: PartVerdict): PartVerdict {
  const [judged, failed] = [a.judged + b.judged, a.failed + b.failed];
  return { ...a, judged, failed, explanations: common(a.explanations, b.explanations) };
}

function explanationsOf(answered: readonly JudgedCase[]): readonly Explanation[] {
  const [first, ...others] = answered as [JudgedCase, ...JudgedCase[]];
  let fitting = first.test.explain(first.outcome);
  for (const { test, outcome } of others) {
    if (fitting.length === 0) break;
    fitting = common(fitting, test.explain(outcome));
  }
  return fitting;
}

/** What is in both, in their order. */
function common(a: readonly Explanation[], b: readonly Explanation[]): readonly Explanation[] {
  const among = new Set(b.map(({ kind, name }) => `${kind} ${name}`));
  return a.filter(({ kind, name }) => among.has(`${kind} ${name}`));
}
