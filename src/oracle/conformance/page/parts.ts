import { type Markup, markup } from '../markup.ts';
import { partState } from '../part-state.ts';
import type { PartVerdict } from '../part-verdict.ts';
import type { OutcomeKind, ReportedCase } from '../report.ts';

/** Kinds of outcomes from good to bad, and their classes. */
const KINDS: readonly (readonly [OutcomeKind, string])[] = [
  ['pass', 'good'],
  ['near tie', 'tie'],
  ['unsupported', 'none'],
  ['not asked', 'lost'],
  ['error', 'worse'],
  ['broken', 'worse'],
  ['fail', 'bad'],
];

type Parts = ReadonlyMap<string, readonly ReportedCase[]>;

/** How many parts of each suite passed, and how the cases of each part went. */
export function partsSection(parts: Parts, verdicts: readonly PartVerdict[]): Markup | null {
  if (parts.size === 0) return null;
  const suites = new Set([...parts.values()].map(([first]) => first!.suite));
  const kinds = new Set([...parts.values()].flat().map(({ outcome }) => outcome.kind));
  const explained = new Map(verdicts.map((verdict) => [`${verdict.suite}/${verdict.part}`, verdict]));
  return markup`<section><h2>What was judged</h2>
<p class="key">${KINDS.filter(([kind]) => kinds.has(kind)).map(([kind, shade]) => markup`<span><i class="${shade}"></i>${kind}</span> `)}</p>
${[...suites].map((suite) => suiteTable(suite, parts, explained))}</section>`;
}

function suiteTable(suite: string, parts: Parts, verdicts: ReadonlyMap<string, PartVerdict>): Markup {
  const own = [...parts].filter(([, [first]]) => first!.suite === suite);
  const passed = own.filter(([, cases]) => partState(cases) === 'passed').length;
  return markup`<h3>${suite} <small>${passed} of ${own.length} parts passed</small></h3>
<table><thead><tr><th>part<th class="cases">cases<th>outcomes<th>state</tr></thead><tbody>
${own.map(([name, cases]) => partRow(cases, verdicts.get(name)))}</tbody></table>
`;
}

function partRow(cases: readonly ReportedCase[], verdict: PartVerdict | undefined): Markup {
  const state = partState(cases);
  const names = state === 'failed' ? (verdict?.explanations.map(({ name }) => name) ?? []) : [];
  const cause = names.length === 0 ? null : markup`<br><small>${names.join(', ')}</small>`;
  return markup`<tr><td>${cases[0]!.part}<td class="cases">${cases.length}<td>${bar(cases)}<td class="state ${state === 'passed' ? 'good' : state === 'failed' ? 'bad' : ''}">${state}${cause}</tr>
`;
}

/** Counts side by side, as wide as they are large. */
function bar(cases: readonly ReportedCase[]): Markup {
  const pieces = KINDS.map(([kind, shade]) => {
    const count = cases.filter(({ outcome }) => outcome.kind === kind).length;
    if (count === 0) return null;
    return markup`<span class="${shade}" style="flex-grow:${count}" title="${count} ${kind}">${count}</span>`;
  });
  return markup`<div class="bar">${pieces}</div>`;
}
