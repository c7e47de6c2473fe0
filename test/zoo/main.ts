/**
 * `npm run zoo`: the kill matrix. Every fault that `turbo-lora engine --fault` can plant, and every fault of the vectors:
 * which suites catch it, in how many cases, and what it is called. `--fault NAME` for one, `--json` for a program.
 * Exit status 1 if a fault goes uncaught, or if the engine without a fault fails.
 */
import { parseArgs } from 'node:util';
import { printTable } from '../../src/cli/table.ts';
import { ENGINE_FAULTS } from '../../src/oracle/conformance/own-engine/vectors.ts';
import { AUDITED, auditedRow } from './audited.ts';
import { correctEngines } from './correct.ts';
import { judgedRow } from './judged.ts';
import { isDiagnosed, type Row } from './row.ts';
import { TREE_FAULTS, treeRow } from './trees.ts';
import { vectorRows } from './vectors.ts';

process.stdout.columns ??= 140; // rows stay rows in a file or a pipe

const { values } = parseArgs({ options: { json: { type: 'boolean' }, fault: { type: 'string' } } });
const { fault: only, json = false } = values;
const wanted = (name: string): boolean => only === undefined || name === only;

const rows: Row[] = [];
function add(row: Row): void {
  rows.push(row);
  process.stderr.write(`${row.fault}: ${row.caught.length === 0 ? 'NOT CAUGHT' : 'caught'} (${row.by})\n`);
}
for (const name of ENGINE_FAULTS.filter(wanted)) add(AUDITED.includes(name) ? auditedRow(name) : await judgedRow(name));
for (const fault of TREE_FAULTS) if (wanted(fault.name)) add(await treeRow(fault));
for (const row of vectorRows()) if (wanted(row.fault)) add(row);
if (rows.length === 0) {
  process.stderr.write(`no fault is called ${only}\n`);
  process.exit(2);
}
const correct = only === undefined ? await correctEngines() : [];

const caught = rows.filter((row) => row.caught.length > 0);
const listed = rows.filter(({ isListed }) => isListed);
const namedFirst = listed.filter(isDiagnosed);
const wronglyNamed = rows.filter((row) => !row.isListed && !isDiagnosed(row));
const allPass = correct.every(({ failed }) => failed.length === 0);
if (json) {
  process.stdout.write(
    `${JSON.stringify({ rows, correct, caught: caught.length, namedFirst: namedFirst.length, wronglyNamed: wronglyNamed.length })}\n`,
  );
} else {
  printTable(['fault', 'by', 'caught by', 'failed', 'first case', 'diagnosed as'], rows.map(cells));
  if (correct.length > 0) {
    printTable(
      ['engine without a fault', 'judged', 'failed'],
      correct.map(({ engine, judged, failed }) => [
        engine,
        `${judged}`,
        failed.length === 0 ? 'none' : failed.join(' '),
      ]),
      [1],
    );
  }
  const engines = correct.length === 0 ? '' : `, correct engines ${allPass ? 'pass' : 'FAIL'}`;
  process.stdout.write(
    `${rows.length} faults, ${caught.length} caught; of the ${listed.length} in the catalogue ${namedFirst.length} named first, ` +
      `of the ${rows.length - listed.length} others ${wronglyNamed.length} named wrongly${engines}\n`,
  );
}
process.exitCode = caught.length === rows.length && allPass ? 0 : 1;

function cells({ fault, by, caught: parts, named }: Row): string[] {
  const lines = (of: (part: Row['caught'][number]) => string): string => parts.map(of).join('\n');
  const diagnosis =
    named.length === 0 ? 'nothing' : named[0] === fault ? ['it', ...named.slice(1)].join(', ') : named.join(', ');
  return [
    fault,
    by,
    lines(({ part }) => part),
    lines(({ failed, of }) => `${failed}/${of}`),
    lines(({ first }) => first),
    diagnosis,
  ];
}
