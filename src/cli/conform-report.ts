import { byPart } from '../oracle/conformance/by-part.ts';
import { outcomeWords } from '../oracle/conformance/outcome-words.ts';
import { type PartState, partState } from '../oracle/conformance/part-state.ts';
import type { PartVerdict } from '../oracle/conformance/part-verdict.ts';
import { type ConformanceReport, failuresOf, type ReportedCase } from '../oracle/conformance/report.ts';
import { inRanges, missingShards } from '../oracle/conformance/shard-words.ts';
import { knownFault } from '../oracle/conformance/suites/suites.ts';
import { printable } from '../quoted.ts';
import { print, withoutControls } from './output.ts';
import { printTable } from './table.ts';

/** Failures that are shown, one for each part; the report has them all. */
const MOST_SHOWN = 10;
/** Characters of a line of what came; the report has more. */
const MOST_CHARACTERS = 200;

/**
 * Prints a report: the verdict first, then a line for each suite, the parts that failed, and the first failure of each.
 */
export function printConformance(report: ConformanceReport): void {
  const { verdict, engine, problems, counts, cases } = report;
  const name = engine === null ? 'the engine did not say who it is' : `${engine.name} ${engine.version}`;
  print(`${oneLine([`${verdict}: ${name}`, ...problems].join(': '))}${ofShards(report)}\n`);
  const numbers = Object.entries(counts).filter(([, count]) => count > 0);
  print(`${numbers.map(([kind, count]) => `${count} ${kind}`).join(', ')}\n`);
  const parts = byPart(cases);
  for (const suite of new Set(cases.map((each) => each.suite))) {
    const own = [...parts.values()].filter(([first]) => first!.suite === suite);
    print(`${suite}: ${states(own.map(partState))}\n`);
  }
  const failed = byPart(failuresOf(report));
  if (failed.size > 0) printFailures(failed, parts, report.parts);
}

/** `8 of 13 parts passed, 5 failed`. */
function states(all: readonly PartState[]): string {
  const count = (state: PartState): number => all.filter((one) => one === state).length;
  const others = (['failed', 'not asked', 'not supported'] as const).filter((state) => count(state) > 0);
  const passed = `${count('passed')} of ${all.length} ${all.length === 1 ? 'part' : 'parts'} passed`;
  return [passed, ...others.map((state) => `${count(state)} ${state}`)].join(', ');
}

/** Which shards the report is about, and which are missing. */
function ofShards(report: ConformanceReport): string {
  const { plan, shards } = report;
  if (plan.shards === 1) return '';
  return `; shards ${inRanges(shards)} of ${plan.shards}, without ${inRanges(missingShards(report))}`;
}

type Parts = ReadonlyMap<string, readonly ReportedCase[]>;

function printFailures(failed: Parts, parts: Parts, verdicts: readonly PartVerdict[]): void {
  const rows = [...failed].map(([name, cases]) => {
    const verdict = verdicts.find(({ suite, part }) => `${suite}/${part}` === name);
    return [name, `${parts.get(name)!.length}`, `${cases.length}`, explained(verdict)];
  });
  print('\n');
  printTable(['part', 'cases', 'failed', 'what explains it'], rows, [1, 2]);
  const firsts = [...failed.values()].map(([first]) => first!);
  const shown = firsts.slice(0, MOST_SHOWN);
  print(`\nThe first failure of ${shown.length < firsts.length ? `the first ${MOST_SHOWN} parts` : 'each part'}:\n`);
  printTable(
    ['case', 'what came', 'what is special'],
    shown.map(({ id, suite, outcome, flags }) => {
      const special = flags.filter((flag) => knownFault(suite, flag) === undefined);
      return [id, whatCame(outcome), special.join(', ')];
    }),
  );
  print(`\n--case ${firsts[0]!.id} shows what is asked and answered.\n`);
}

function explained(verdict: PartVerdict | undefined): string {
  if (verdict === undefined || verdict.failed === 0) return '';
  const { explanations } = verdict;
  if (explanations.length === 0) return 'nothing known';
  return explanations.map(({ kind, name }) => (kind === 'rule' ? `it follows the rule ${name}` : name)).join('\n');
}

function whatCame(outcome: ReportedCase['outcome']): string {
  const lines = outcomeWords(outcome).split('\n');
  const [shown, more] = [lines.slice(0, 6), lines.length > 6 ? ['…'] : []];
  return [...shown.map((line) => printable(line, MOST_CHARACTERS)), ...more].join('\n');
}

/** An engine may write anything where it was asked for its name. */
function oneLine(text: string): string {
  return withoutControls(text).replaceAll('\n', ' ');
}
