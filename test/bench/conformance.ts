/** The judge: cases judged and vectors made per second, rounds audited per second, and the whole process of `--help`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { printTable } from '../../src/cli/table.ts';
import { audit } from '../../src/law/audit/audit-of.ts';
import { ROUNDED } from '../../src/law/numbers.ts';
import { problemFrom } from '../../src/law/problem-input.ts';
import { schemeFor } from '../../src/law/scheme.ts';
import { conformanceReport } from '../../src/oracle/conformance/conformance-report.ts';
import { greet, judge } from '../../src/oracle/conformance/judge.ts';
import { pageText } from '../../src/oracle/conformance/page/page.ts';
import { casesOf } from '../../src/oracle/conformance/suites/suites.ts';
import { COMMITTED_SEED, plannedFiles, suiteNamed } from '../../src/oracle/vectors/suites.ts';
import { ruleNamed } from '../../src/verify/rules.ts';
import { committed, ownEngine } from '../support/own-engines.ts';
import { roundsOf } from '../support/sampled-rounds.ts';
import { medianOf } from './timing.ts';

/** Prints the table. */
export async function benchConformance(): Promise<void> {
  process.stdout.write('\nThe judge\n');
  const rows = [...(await judged()), generated(), audited(), help()];
  printTable(['what', 'amount', 'seconds', 'per second'], rows, [1, 2, 3]);
}

/** Every round of the vectors, asked and answered in this process, with and without failures that are explained. */
async function judged(): Promise<string[][]> {
  const cases = casesOf(committed, ['rounds']);
  const rows: string[][] = [];
  for (const fault of [null, 'draft-row-shifted']) {
    const start = performance.now();
    const engine = ownEngine(fault);
    const hello = await greet(engine);
    if (typeof hello === 'string') throw new Error(hello);
    const all = [];
    for await (const each of judge(engine, cases, 'float64')) all.push(each);
    pageText(conformanceReport(hello, { judge: 'bench', cases }, all));
    const what = fault === null ? 'rounds judged, all right' : `rounds judged and explained: ${fault}`;
    rows.push(row(what, cases.length, start));
  }
  return rows;
}

function generated(): string[] {
  const start = performance.now();
  const texts = plannedFiles([suiteNamed('rounds')], COMMITTED_SEED)
    .slice(0, 2)
    .map(({ text }) => text());
  const groups = texts.flatMap((text) => (JSON.parse(text) as { groups: { tests: unknown[] }[] }).groups);
  const cases = groups.reduce((sum, { tests }) => sum + tests.length, 0);
  return row('rounds of the vectors made', cases, start);
}

function audited(): string[] {
  const problem = problemFrom({
    ...{ vocabulary: 4, shape: { chain: 3 } },
    ...{ target: ['2/5', '3/10', '1/5', '1/10'], draft: ['1/10', '1/5', '3/10', '2/5'] },
  });
  const rule = ruleNamed('rejection');
  const test = audit(problem, rule);
  const rounds = roundsOf(schemeFor(problem, rule, ROUNDED), 1);
  const sample = Array.from({ length: 1000 }, () => rounds.next().value!);
  const start = performance.now();
  for (const round of sample) test.observe(round);
  return row('rounds audited one by one', sample.length, start);
}

/** The built command, in a separate process. */
function help(): string[] {
  const main = 'dist/cli/main.js';
  if (!existsSync(main)) return ['--help (not built)', '', '', ''];
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    spawnSync(process.execPath, [main, '--help']);
    return (performance.now() - start) / 1000;
  });
  return ['--help, the whole process', '1', medianOf(times).toFixed(3), ''];
}

function row(what: string, amount: number, start: number): string[] {
  const seconds = (performance.now() - start) / 1000;
  return [
    what,
    amount.toLocaleString('en-US'),
    seconds.toFixed(2),
    Math.round(amount / seconds).toLocaleString('en-US'),
  ];
}
