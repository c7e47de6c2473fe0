import type { ReportedCase } from './report.ts';

/** One word for the outcomes of a part. */
export type PartState = 'passed' | 'failed' | 'not supported' | 'not asked';

/** What became of the cases of a part, the worst first. */
export function partState(cases: readonly ReportedCase[]): PartState {
  const kinds = new Set(cases.map(({ outcome }) => outcome.kind));
  if (kinds.has('fail') || kinds.has('error') || kinds.has('broken')) return 'failed';
  if (kinds.has('not asked')) return 'not asked';
  return kinds.has('pass') || kinds.has('near tie') ? 'passed' : 'not supported';
}
