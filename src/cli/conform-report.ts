import type { PartVerdict } from '../oracle/conformance/part-verdict.ts';
import { type ConformanceReport, failuresOf, type ReportedCase } from '../oracle/conformance/report.ts';
import { print, withoutControls } from './output.ts';
import { printTable } from './table.ts';

/** Failures that are shown; the report has them all. */
const MOST_SHOWN = 10;

/** Prints a report: the verdict first, then each part of a suite, then the first failures. */
export function printConformance(report: ConformanceReport): void {
  const { verdict, engine, problems, counts, parts } = report;
  const failures = failuresOf(report);
  const name = engine === null ? `the engine did not say who it is` : `${engine.name} ${engine.version}`;
  print(withoutControls(`${[`${verdict}: ${name}`, ...problems].join(': ')}${ofShards(report)}\n`));
  const numbers = Object.entries(counts).filter(([, count]) => count > 0);
  print(`${numbers.map(([kind, count]) => `${count} ${kind}`).join(', ')}\n`);
  if (parts.length > 0) {
    print('\n');
    const rows = parts.map((each) => [
      `${each.suite}/${each.part}`,
      `${each.judged}`,
      `${each.failed}`,
      explained(each),
    ]);
    printTable(['suite', 'judged', 'failed', 'what explains it'], rows, [1, 2]);
  }
  if (failures.length > 0) printFailures(failures);
}

/** Which shards the report is about, and which are missing. */
function ofShards({ plan, shards }: ConformanceReport): string {
  if (plan.shards === 1) return '';
  const missing = Array.from({ length: plan.shards }, (_, i) => i + 1).filter((shard) => !shards.includes(shard));
  return `; shards ${ranges(shards)} of ${plan.shards}, without ${ranges(missing)}`;
}

/** `1-3, 7`. */
function ranges(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

function explained({ failed, explanations }: PartVerdict): string {
  if (failed === 0) return '';
  if (explanations.length === 0) return 'nothing known';
  return explanations.map(({ kind, name }) => (kind === 'rule' ? `it follows the rule ${name}` : name)).join('\n');
}

function printFailures(failures: readonly ReportedCase[]): void {
  const shown = failures.slice(0, MOST_SHOWN);
  print(failures.length > shown.length ? `\nThe first ${shown.length} of ${failures.length} failures:\n` : '\n');
  printTable(
    ['case', 'what came', 'flags'],
    shown.map(({ id, outcome, flags }) => [id, withoutControls(inWords(outcome)), flags.join('\n')]),
  );
}

function inWords(outcome: ReportedCase['outcome']): string {
  switch (outcome.kind) {
    case 'fail':
      return `expected ${outcome.expected}\ngot ${outcome.got}`;
    case 'error':
      return `error: ${outcome.message}`;
    case 'broken':
      return outcome.problem;
    default:
      return outcome.kind;
  }
}
