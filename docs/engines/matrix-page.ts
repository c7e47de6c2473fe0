/** The page on real engines, from their reports. */
import { byPart } from '../../src/oracle/conformance/by-part.ts';
import { type ConformanceReport, failuresOf, type ReportedCase } from '../../src/oracle/conformance/report.ts';
import { findingOf } from './causes.ts';

/** Reports by the name of their engine, as in `examples/engines/python/requirements-NAME.txt`. */
export type Reports = ReadonlyMap<string, ConformanceReport>;

/** The ids of the cases that an engine fails, sorted: what `examples/engines/check.sh` expects. */
export function knownFailures(report: ConformanceReport): string[] {
  return failuresOf(report)
    .map(({ id }) => id)
    .sort();
}

/** The failing cases that no finding explains, as `engine: case`. */
export function unexplained(reports: Reports): string[] {
  return [...reports].flatMap(([name, report]) =>
    failuresOf(report)
      .filter((failure) => findingOf(name, failure) === undefined)
      .map(({ id }) => `${name}: ${id}`),
  );
}

/** `matrix.md`: the tables between the words before and after them. */
export function matrixPage(reports: Reports, before: string, after: string): string {
  const sections = [before.trim(), engines(reports), partsTable(reports), reasons(reports), after.trim()];
  return `${sections.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function engines(reports: Reports): string {
  const rows = [...reports].map(([name, { engine, counts, cases, plan, shards }]) => {
    const failed = counts.fail + counts.error + counts.broken;
    const asked = `${cases.length}${plan.shards === 1 ? '' : ` (shard ${shards.join(', ')} of ${plan.shards})`}`;
    const right = `${counts.pass + counts['near tie']}`;
    return [
      `[${name}](reports/${name}.json)`,
      engine?.version ?? '',
      asked,
      right,
      `${failed}`,
      `${counts.unsupported}`,
    ];
  });
  return table(['engine', 'version', 'cases', 'passed', 'failed', 'not supported'], rows);
}

function partsTable(reports: Reports): string {
  const names = [...new Set([...reports.values()].flatMap(({ plan }) => plan.parts))];
  const parts = new Map([...reports].map(([name, { cases }]) => [name, byPart(cases)]));
  const rows = names.map((part) => [
    part,
    ...[...reports.keys()].map((name) => cell(name, parts.get(name)!.get(part) ?? [])),
  ]);
  return `## By part\n\n${table(['part', ...reports.keys()], rows)}`;
}

/** `21 passed, 2 failed: [finding](findings/finding.md)`. Cases that are not supported are counted where others are judged. */
function cell(engine: string, cases: readonly ReportedCase[]): string {
  if (cases.length === 0) return 'not asked';
  const failures = failuresOf({ cases });
  const count = (...kinds: string[]) => cases.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const [passed, refused] = [count('pass', 'near tie'), count('unsupported')];
  if (passed + failures.length === 0) return 'not supported';
  const findings = [...new Set(failures.map((failure) => findingOf(engine, failure) ?? ''))].map(
    (name) => `[${name.replace(`${engine}-`, '')}](findings/${name}.md)`,
  );
  return [
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(failures.length > 0 ? [`${failures.length} failed: ${findings.join(', ')}`] : []),
    ...(refused > 0 ? [`${refused} not supported`] : []),
  ].join('; ');
}

function reasons(reports: Reports): string {
  const rows = [...reports].flatMap(([name, { cases }]) => {
    const counts = new Map<string, number>();
    for (const { outcome } of cases) {
      if (outcome.kind !== 'unsupported') continue;
      const reason = short(outcome.reason);
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    const most = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return most.map(([reason, count]) => [name, `${count}`, reason]);
  });
  return `## What is not supported, and why\n\n${table(['engine', 'cases', 'reason'], rows)}`;
}

/** A reason without the class of the model, on one line of at most 120 characters. */
function short(reason: string): string {
  const line = reason.replace(/^\w+(ForCausalLM|LMHeadModel): /, '').replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
