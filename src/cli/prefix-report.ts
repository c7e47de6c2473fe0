/**
 * What an audit found after a prefix, as the JSON outputs of `audit` spell it.
 * @packageDocumentation
 */
import type { PrefixFinding } from '../law/audit/findings.ts';

/** JSON has no infinity. */
export type Unbounded = number | 'Infinity' | '-Infinity';

/** A number, as JSON can hold it. */
export function unbounded(value: number): Unbounded {
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** What was seen after a prefix. */
export interface PrefixReport {
  readonly prefix: readonly number[];
  readonly visits: number;
  readonly total_variation: number;
  readonly smallest_visible_total_variation: number;
  readonly log_evidence: Unbounded;
}

/** A finding as the JSON output spells it. */
export function prefixReport(finding: PrefixFinding): PrefixReport {
  const { prefix, visits, totalVariation, smallestVisible, logEvidence } = finding;
  return {
    prefix,
    visits,
    total_variation: totalVariation,
    smallest_visible_total_variation: smallestVisible,
    log_evidence: unbounded(logEvidence),
  };
}
