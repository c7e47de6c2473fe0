/**
 * The report on an engine: a verdict, and everything that it rests on. It holds no times and no paths, so equal answers
 * make equal bytes.
 * @packageDocumentation
 */
import { z } from 'zod';
import type { Outcome } from './conform-case.ts';
import type { PartVerdict } from './part-verdict.ts';
import { type Hello, helloShape } from './protocol.ts';

/** Changes when readers have to change. */
export const REPORT_FORMAT = 2;

/**
 * PASS: everything asked was answered rightly. ALARM: something was not. UNDECIDED: nothing was judged, or shards are
 * missing (SPEC-CONFORM-VERDICT).
 */
export type Verdict = 'PASS' | 'ALARM' | 'UNDECIDED';

/** A case, and what came of it. */
export interface ReportedCase {
  /** Its place among all cases, those of other shards included, from 1. */
  readonly number: number;
  readonly id: string;
  readonly suite: string;
  readonly part: string;
  readonly flags: readonly string[];
  readonly outcome: Outcome | { readonly kind: 'not asked' };
}

/** A kind of outcome. */
export type OutcomeKind = ReportedCase['outcome']['kind'];

/** What a run, in all its shards, judges. Reports can be merged if they agree on it. */
export interface Plan {
  /** The version of this package that judged. */
  readonly judge: string;
  /** Parts of suites (`rounds/rejection`), in the order of their cases. */
  readonly parts: readonly string[];
  /** Cases, over all shards. */
  readonly cases: number;
  readonly shards: number;
}

/** A report. */
export interface ConformanceReport {
  readonly formatVersion: typeof REPORT_FORMAT;
  readonly verdict: Verdict;
  /** Null if the engine did not say who it is. */
  readonly engine: Hello | null;
  /** What it did where it did not say who it is, each once, sorted. */
  readonly problems: readonly string[];
  readonly plan: Plan;
  /** The shards that the report is about, ascending. */
  readonly shards: readonly number[];
  readonly counts: Readonly<Record<OutcomeKind, number>>;
  readonly parts: readonly PartVerdict[];
  /** The cases of these shards, by number. */
  readonly cases: readonly ReportedCase[];
}

const count = z.int().min(0);

const evidence = z
  .array(z.strictObject({ texts: count, logEvidence: z.number() }))
  .max(10_000)
  .readonly()
  .optional()
  .describe('Of a statistical case: the logarithm of the evidence against the engine, in nats.');

const noise = z
  .number()
  .min(0)
  .optional()
  .describe("The largest error, in units of the noise of the engine's number format. Absent if it is not finite.");

const power = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .describe('Of a statistical case: the smallest total variation of the first token that must have been seen.');

const outcomeShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pass'), noise, evidence, power }),
  z
    .strictObject({ kind: z.literal('near tie'), got: z.string() })
    .describe('Rounding decides the case; it may differ.'),
  z.strictObject({ kind: z.literal('fail'), expected: z.string(), got: z.string(), noise, evidence, power }),
  z.strictObject({ kind: z.literal('undecided'), reason: z.string() }).describe('What came says nothing.'),
  z.strictObject({ kind: z.literal('unsupported'), reason: z.string() }),
  z.strictObject({ kind: z.literal('error'), message: z.string() }).describe('The engine answered with an error.'),
  z.strictObject({ kind: z.literal('broken'), problem: z.string() }).describe('It hung, died or wrote something else.'),
  z.strictObject({ kind: z.literal('not asked') }).describe('It had broken too often.'),
]) satisfies z.ZodType<ReportedCase['outcome']>;

const partShape = z.strictObject({
  suite: z.string(),
  part: z.string().describe('Such as an acceptance rule.'),
  judged: count,
  failed: count,
  explanations: z
    .array(z.strictObject({ kind: z.enum(['fault', 'rule']), name: z.string() }))
    .readonly()
    .describe(
      'What gives, on every judged case of the part, what the engine gave. Without a failure it is empty, unless shards are missing.',
    ),
}) satisfies z.ZodType<PartVerdict>;

/** The schema of a report. */
export const reportShape = z.strictObject({
  formatVersion: z.literal(REPORT_FORMAT),
  verdict: z.enum(['PASS', 'ALARM', 'UNDECIDED']),
  engine: helloShape.nullable().describe('What the engine says of itself; null if it did not.'),
  problems: z.array(z.string()).readonly().describe('What it did instead.'),
  plan: z
    .strictObject({
      judge: z.string().describe('The version of turbo-lora that judged.'),
      parts: z.array(z.string()).readonly().describe('Parts of suites.'),
      cases: z.int().min(0).max(1_000_000).describe('Cases, over all shards.'),
      shards: z.int().min(1),
    })
    .describe('Reports can be merged if they agree on this.'),
  shards: z.array(z.int().min(1)).min(1).readonly().describe('Those that the report is about.'),
  counts: z.record(
    z.enum(['pass', 'near tie', 'fail', 'undecided', 'unsupported', 'error', 'broken', 'not asked']),
    count.describe('Cases.'),
  ),
  parts: z.array(partShape).readonly(),
  cases: z
    .array(
      z.strictObject({
        number: z.int().min(1).describe('Its place among all cases, those of other shards included.'),
        id: z.string(),
        suite: z.string(),
        part: z.string(),
        flags: z.array(z.string()).readonly().describe('What is special about the case, or which fault shows in it.'),
        outcome: outcomeShape,
      }),
    )
    .readonly()
    .describe('The cases of these shards.'),
}) satisfies z.ZodType<ConformanceReport>;

/** Outcomes that raise the alarm. */
const WRONG: readonly OutcomeKind[] = ['fail', 'error', 'broken', 'not asked'];

/** The cases that were asked and went wrong. */
export function failuresOf({ cases }: Pick<ConformanceReport, 'cases'>): readonly ReportedCase[] {
  return cases.filter(({ outcome }) => WRONG.includes(outcome.kind) && outcome.kind !== 'not asked');
}

/** What the rest of a report follows from. */
export type ReportBase = Pick<ConformanceReport, 'engine' | 'problems' | 'plan' | 'shards' | 'cases'>;

/** The report with a verdict and the numbers that follow. Of a plan whose shards are all there, one shard is made. */
export function reportFrom(base: ReportBase, parts: readonly PartVerdict[]): ConformanceReport {
  const { engine, problems, plan, shards, cases } = base;
  const isWhole = shards.length === plan.shards;
  const counts = { ...NOTHING };
  for (const { outcome } of cases) counts[outcome.kind] += 1;
  const wrong = WRONG.some((kind) => counts[kind] > 0);
  return {
    formatVersion: REPORT_FORMAT,
    verdict: wrong ? 'ALARM' : isWhole && counts.pass > 0 ? 'PASS' : 'UNDECIDED',
    engine,
    problems,
    plan: isWhole ? { ...plan, shards: 1 } : plan,
    shards: isWhole ? [1] : shards,
    counts,
    parts: isWhole ? parts.map((part) => (part.failed === 0 ? { ...part, explanations: [] } : part)) : parts,
    cases,
  };
}

const NOTHING: Readonly<Record<OutcomeKind, number>> = {
  ...{ pass: 0, 'near tie': 0, fail: 0, undecided: 0, unsupported: 0, error: 0, broken: 0 },
  'not asked': 0,
};
