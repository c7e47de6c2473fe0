/**
 * The report on an engine: a verdict, and everything that it rests on.
 * @packageDocumentation
 */
import { z } from 'zod';
import type { JudgedCase, Outcome } from './conform-case.ts';
import { type PartVerdict, partVerdicts } from './part-verdict.ts';
import { type Hello, helloShape } from './protocol.ts';

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
  readonly suite: string;
  readonly part: string;
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
  readonly parts: readonly PartVerdict[];
  /** Every case that failed, gave an error, or broke the engine. */
  readonly failures: readonly ReportedCase[];
}

const count = z.int().min(0);

const outcomeShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pass') }),
  z
    .strictObject({ kind: z.literal('near tie'), got: z.string() })
    .describe('Rounding decides the case; it may differ.'),
  z.strictObject({ kind: z.literal('fail'), expected: z.string(), got: z.string() }),
  z.strictObject({ kind: z.literal('unsupported'), reason: z.string() }),
  z.strictObject({ kind: z.literal('error'), message: z.string() }).describe('The engine answered with an error.'),
  z.strictObject({ kind: z.literal('broken'), problem: z.string() }).describe('It hung, died or wrote something else.'),
]) satisfies z.ZodType<Outcome>;

/** The schema of a report. */
export const reportShape = z.strictObject({
  formatVersion: z.literal(REPORT_FORMAT),
  verdict: z.enum(['PASS', 'ALARM', 'UNDECIDED']),
  engine: helloShape.nullable().describe('What the engine says of itself; null if it did not.'),
  problem: z.string().nullable().describe('What it did instead.'),
  counts: z.record(
    z.enum(['pass', 'near tie', 'fail', 'unsupported', 'error', 'broken', 'not asked']),
    count.describe('Cases.'),
  ),
  parts: z
    .array(
      z.strictObject({
        suite: z.string(),
        part: z.string().describe('Such as an acceptance rule.'),
        judged: count,
        failed: count,
        explanations: z
          .array(z.strictObject({ kind: z.enum(['fault', 'rule']), name: z.string() }))
          .readonly()
          .describe('What gives, on every judged case of the part, what the engine gave.'),
      }),
    )
    .readonly(),
  failures: z
    .array(
      z.strictObject({
        id: z.string(),
        suite: z.string(),
        part: z.string(),
        flags: z.array(z.string()).readonly(),
        outcome: outcomeShape,
      }),
    )
    .readonly()
    .describe('Every case that failed, gave an error or broke the engine.'),
}) satisfies z.ZodType<ConformanceReport>;

/** The report on the cases that were judged, of those that were planned. */
export function conformanceReport(engine: Hello, planned: number, judged: readonly JudgedCase[]): ConformanceReport {
  const counts = { ...NOTHING, 'not asked': planned - judged.length };
  for (const { outcome } of judged) counts[outcome.kind] += 1;
  const wrong = counts.fail + counts.error + counts.broken + counts['not asked'];
  return {
    formatVersion: REPORT_FORMAT,
    verdict: wrong > 0 ? 'ALARM' : counts.pass > 0 ? 'PASS' : 'UNDECIDED',
    engine,
    problem: null,
    counts,
    parts: partVerdicts(judged),
    failures: judged
      .filter(({ outcome }) => ['fail', 'error', 'broken'].includes(outcome.kind))
      .map(({ test: { id, suite, part, flags }, outcome }) => ({ id, suite, part, flags, outcome })),
  };
}

/** The report on an engine that did not say who it is. */
export function silentReport(problem: string, planned: number): ConformanceReport {
  return {
    formatVersion: REPORT_FORMAT,
    verdict: 'ALARM',
    engine: null,
    problem,
    counts: { ...NOTHING, 'not asked': planned },
    parts: [],
    failures: [],
  };
}

const NOTHING: ConformanceReport['counts'] = {
  ...{ pass: 0, 'near tie': 0, fail: 0, unsupported: 0, error: 0, broken: 0 },
  'not asked': 0,
};
