import { FormatError } from '../../errors.ts';
import { byPart } from './by-part.ts';
import { isJudged } from './part-verdict.ts';
import { type ConformanceReport, type ReportedCase, reportFrom, reportShape } from './report.ts';
import { shardOf } from './shard.ts';

/**
 * A report from what was read. It must agree with itself: a shard has all its cases, and the numbers follow from them.
 * @throws {@link FormatError} otherwise.
 */
export function readReport(value: unknown, name: string): ConformanceReport {
  const read = reportShape.safeParse(value);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    throw new FormatError(name, 'a report of conform', [...path.map(String), message].join(': '));
  }
  const report = read.data;
  const again = reportFrom(report, report.parts);
  const agree = (what: string, expected: unknown, got: unknown): void => {
    const [one, other] = [JSON.stringify(expected), JSON.stringify(got)];
    if (one !== other) throw new FormatError(`${name}: ${what}`, one, other);
  };
  agree(
    'numbers of cases',
    numbersIn(report),
    report.cases.map(({ number }) => number),
  );
  agree('plan', again.plan, report.plan);
  agree('shards', again.shards, report.shards);
  agree('counts', again.counts, report.counts);
  agree('verdict', again.verdict, report.verdict);
  agree(
    'parts',
    tallies(report),
    report.parts.map(({ suite, part, judged, failed }) => [`${suite}/${part}`, judged, failed]),
  );
  return report;
}

/** The numbers of the cases that its shards have. */
function numbersIn({ plan, shards }: ConformanceReport): number[] {
  const chosen = new Set(shards);
  const numbers = Array.from({ length: plan.cases }, (_, i) => i + 1);
  return numbers.filter((number) => chosen.has(shardOf(number, plan.shards)));
}

/** Name, judged and failed cases of each part that was judged. */
function tallies({ cases }: ConformanceReport): (readonly [string, number, number])[] {
  const parts = byPart(cases.filter(({ outcome }) => isJudged(outcome)));
  const failed = (part: readonly ReportedCase[]) => part.filter(({ outcome }) => outcome.kind === 'fail').length;
  return [...parts].map(([name, part]) => [name, part.length, failed(part)]);
}
