/**
 * A report for continuous integration: JUnit's XML, which has no standard but many readers.
 * @source the schemas of Maven Surefire and of the xUnit plugin of Jenkins
 * @packageDocumentation
 */
import { byPart } from './by-part.ts';
import { Markup, markup } from './markup.ts';
import { outcomeWords } from './outcome-words.ts';
import type { ConformanceReport, OutcomeKind, ReportedCase } from './report.ts';

/** How a kind of outcome is called there. A case that was not asked is an error: it raises the alarm. */
const ELEMENTS: Readonly<Record<OutcomeKind, 'failure' | 'error' | 'skipped' | null>> = {
  ...{ pass: null, 'near tie': null, fail: 'failure' },
  ...{ undecided: 'skipped', unsupported: 'skipped' },
  ...{ error: 'error', broken: 'error', 'not asked': 'error' },
};

/** The bytes of junit.xml: a suite for each part, a test for each case. */
export function junitText({ engine, problems, cases }: ConformanceReport): string {
  const parts = byPart(cases);
  const name = engine === null ? 'an engine that did not say who it is' : `${engine.name} ${engine.version}`;
  const suites = [...(problems.length > 0 ? [helloSuite(problems)] : []), ...[...parts].map(partSuite)];
  const all = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="conform: ${name}" ${tally(cases, problems.length)}>
${suites}</testsuites>
`;
  return all.text;
}

function helloSuite(problems: readonly string[]): Markup {
  const tests = problems.map((problem) => markup`    <error type="hello" message="${oneLine(problem)}"/>\n`);
  return markup`  <testsuite name="hello" tests="1" failures="0" errors="1" skipped="0">
   <testcase name="hello" classname="hello">
${tests}   </testcase>
  </testsuite>
`;
}

function partSuite([name, cases]: readonly [string, readonly ReportedCase[]]): Markup {
  return markup`  <testsuite name="${name}" ${tally(cases)} skipped="${counted(cases, 'skipped')}">
${cases.map(testCase)}  </testsuite>
`;
}

function testCase({ id, suite, part, flags, outcome }: ReportedCase): Markup {
  const open = markup`   <testcase name="${id}" classname="${suite}.${part}"`;
  const element = ELEMENTS[outcome.kind];
  const words = outcomeWords(outcome);
  if (outcome.kind === 'pass') return markup`${open}/>\n`;
  if (element === null) return markup`${open}><system-out>${words}</system-out></testcase>\n`;
  const attributes = markup`type="${outcome.kind}" message="${oneLine(words)}"`;
  if (flags.length === 0) return markup`${open}><${tag(element)} ${attributes}/></testcase>\n`;
  return markup`${open}><${tag(element)} ${attributes}>${flags.join(', ')}</${tag(element)}></testcase>\n`;
}

function tally(cases: readonly ReportedCase[], more = 0): Markup {
  const [failures, errors] = [counted(cases, 'failure'), counted(cases, 'error') + Math.min(more, 1)];
  return markup`tests="${cases.length + Math.min(more, 1)}" failures="${failures}" errors="${errors}"`;
}

function counted(cases: readonly ReportedCase[], element: string): number {
  return cases.filter(({ outcome }) => ELEMENTS[outcome.kind] === element).length;
}

/** The name of an element is not text. */
function tag(name: 'failure' | 'error' | 'skipped'): Markup {
  return new Markup(name);
}

/** XML readers turn the newlines of an attribute into spaces. */
function oneLine(text: string): string {
  return text.replaceAll('\n', '; ');
}
