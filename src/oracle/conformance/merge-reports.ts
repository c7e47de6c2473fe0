/**
 * Merging the reports of shards.
 * @packageDocumentation
 */
import { ConflictError, OptionError } from '../../errors.ts';
import { joined, type PartVerdict } from './part-verdict.ts';
import type { Hello } from './protocol.ts';
import { type ConformanceReport, reportFrom } from './report.ts';

/** A report, and what it is called in errors. */
export interface NamedReport {
  readonly name: string;
  readonly report: ConformanceReport;
}

/**
 * One report from those of different shards, in any order. If all shards are there it is the report of a run without
 * shards, byte for byte; otherwise it can be merged further.
 * @throws {@link OptionError} without a report; {@link ConflictError} for reports of different judges, cases, splits or
 * engines, and for a shard that is in two of them.
 */
export function mergeReports(reports: readonly NamedReport[]): ConformanceReport {
  const [first, ...others] = reports;
  if (first === undefined) throw new OptionError('reports', 'at least one', 'none');
  refuseStrays(first, others);
  refuseOverlap(reports);
  return others.reduce((merged, { report }) => joinedReports(merged, report), first.report);
}

function joinedReports(a: ConformanceReport, b: ConformanceReport): ConformanceReport {
  const base = {
    engine: a.engine ?? b.engine,
    problems: [...new Set([...a.problems, ...b.problems])].sort(),
    plan: a.plan,
    shards: [...a.shards, ...b.shards].sort((one, other) => one - other),
    cases: [...a.cases, ...b.cases].sort((one, other) => one.number - other.number),
  };
  return reportFrom(base, joinedParts(a, b));
}

/** In the order of the plan. */
function joinedParts(a: ConformanceReport, b: ConformanceReport): PartVerdict[] {
  const named = (parts: readonly PartVerdict[]) => new Map(parts.map((it) => [`${it.suite}/${it.part}`, it]));
  const [ofA, ofB] = [named(a.parts), named(b.parts)];
  return a.plan.parts.flatMap((name) => {
    const [one, other] = [ofA.get(name), ofB.get(name)];
    if (one !== undefined && other !== undefined) return [joined(one, other)];
    return [one ?? other].filter((it) => it !== undefined);
  });
}

function refuseStrays(first: NamedReport, others: readonly NamedReport[]): void {
  const holder = [first, ...others].find(({ report }) => report.engine !== null);
  for (const { name, report } of others) {
    const { plan, engine } = report;
    const refuse = (what: string, of: NamedReport, expected: string, got: string): void => {
      if (expected !== got) throw new ConflictError(name, `${what} ${expected} as in ${of.name}`, got);
    };
    const expected = first.report.plan;
    refuse('the judge', first, expected.judge, plan.judge);
    refuse('the suites', first, expected.parts.join(', '), plan.parts.join(', '));
    refuse('the number of cases', first, `${expected.cases}`, `${plan.cases}`);
    refuse('the number of shards', first, `${expected.shards}`, `${plan.shards}`);
    if (engine !== null) refuse('the engine', holder!, inWords(holder!.report.engine!), inWords(engine));
  }
}

function inWords({ name, version, dtype, operations }: Hello): string {
  return `${name} ${version} (${dtype}; ${operations.join(', ')})`;
}

function refuseOverlap(reports: readonly NamedReport[]): void {
  const holders = new Map<number, string>();
  for (const { name, report } of reports) {
    for (const shard of report.shards) {
      const holder = holders.get(shard);
      if (holder !== undefined) {
        const got = `shard ${shard} of ${report.plan.shards}, which is in ${holder}`;
        throw new ConflictError(name, 'shards that are in no other report', got);
      }
      holders.set(shard, name);
    }
  }
}
