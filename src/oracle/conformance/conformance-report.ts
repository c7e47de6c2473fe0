/**
 * From judged cases to a report.
 * @packageDocumentation
 */
import { clipped } from './clipped.ts';
import type { ConformCase, JudgedCase, Outcome } from './conform-case.ts';
import { partVerdicts } from './part-verdict.ts';
import type { Hello } from './protocol.ts';
import { type ConformanceReport, type ReportBase, type ReportedCase, reportFrom } from './report.ts';
import { type Shard, shardOf, WHOLE } from './shard.ts';

/** A run of the judge. */
export interface Run {
  /** The version of this package. */
  readonly judge: string;
  /** Every case of the plan, those of other shards included. */
  readonly cases: readonly ConformCase[];
  readonly shard?: Shard;
}

/** The cases of a run that are in its shard. */
export function casesOfShard({ cases, shard = WHOLE }: Run): readonly ConformCase[] {
  return cases.filter((_, i) => shardOf(i + 1, shard.count) === shard.index);
}

/** The report on the cases that were judged, of those of the shard. */
export function conformanceReport(engine: Hello, run: Run, judged: readonly JudgedCase[]): ConformanceReport {
  const isPart = (run.shard ?? WHOLE).count > 1;
  return reportFrom({ ...baseOf(run, judged), engine, problems: [] }, partVerdicts(judged, isPart));
}

/** The report on an engine that did not say who it is. */
export function silentReport(problem: string, run: Run): ConformanceReport {
  return reportFrom({ ...baseOf(run, []), engine: null, problems: [clipped(problem)] }, []);
}

function baseOf(run: Run, judged: readonly JudgedCase[]): Pick<ReportBase, 'plan' | 'shards' | 'cases'> {
  const { judge, cases, shard = WHOLE } = run;
  const outcomes = new Map(judged.map(({ test, outcome }) => [test.id, outcome]));
  const parts = [...new Set(cases.map(({ suite, part }) => `${suite}/${part}`))];
  return {
    plan: { judge, parts, cases: cases.length, shards: shard.count },
    shards: [shard.index],
    cases: cases
      .map(({ id, suite, part, flags }, i): ReportedCase => {
        const outcome = outcomes.get(id);
        return { number: i + 1, id, suite, part, flags, outcome: outcome ? cut(outcome) : { kind: 'not asked' } };
      })
      .filter(({ number }) => shardOf(number, shard.count) === shard.index),
  };
}

/** The outcome with its texts cut: an engine may send megabytes. */
function cut(outcome: Outcome): Outcome {
  const texts = Object.entries(outcome).map(([key, value]) => [
    key,
    typeof value === 'string' ? clipped(value) : value,
  ]);
  return Object.fromEntries(texts) as Outcome;
}
