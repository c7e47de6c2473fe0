import { byPart } from '../by-part.ts';
import type { Explanation } from '../conform-case.ts';
import { type Markup, markup } from '../markup.ts';
import { outcomeWords } from '../outcome-words.ts';
import type { PartVerdict } from '../part-verdict.ts';
import { type ConformanceReport, failuresOf, type ReportedCase } from '../report.ts';
import { CONFORM_SUITES, knownFault } from '../suites/suites.ts';

/** Failures of a part that are shown; report.json has them all. */
const MOST_SHOWN = 20;

/** What failed, part by part: what explains it, the first failure in full, the others folded. */
export function failuresSection(report: ConformanceReport): Markup | null {
  const failed = [...byPart(failuresOf(report))];
  if (failed.length === 0) return null;
  const verdictOf = (name: string) => report.parts.find(({ suite, part }) => `${suite}/${part}` === name);
  return markup`<section><h2>What failed</h2>
${failed.map(([name, cases]) => failedPart(name, cases, verdictOf(name)))}</section>`;
}

function failedPart(name: string, cases: readonly ReportedCase[], verdict: PartVerdict | undefined): Markup {
  const [first, ...others] = cases.slice(0, MOST_SHOWN) as [ReportedCase, ...ReportedCase[]];
  const more = cases.length - 1 - others.length;
  const rest = markup`<details><summary>${others.length === 1 ? 'One more failure' : `${others.length} more failures`}</summary>
${others.map(failure)}${more === 0 ? null : markup`<p>and ${more} others, which are in report.json.</p>`}</details>`;
  return markup`<article><h3>${name} <small>${cases.length} failed</small></h3>
${diagnosis(verdict)}
${failure(first)}
${others.length === 0 ? null : rest}
</article>
`;
}

function diagnosis(verdict: PartVerdict | undefined): Markup | null {
  if (verdict === undefined || verdict.failed === 0) return null;
  if (verdict.explanations.length === 0) {
    return markup`<p class="cause">No known fault and no other rule gives what the engine gave on all of these cases.</p>`;
  }
  return markup`${verdict.explanations.map((explanation) => cause(verdict.suite, explanation))}`;
}

function cause(suite: string, { kind, name }: Explanation): Markup {
  if (kind === 'rule') return markup`<p class="cause">The engine follows the rule <b>${name}</b> instead.</p>`;
  const fault = knownFault(suite, name);
  if (fault === undefined) return markup`<p class="cause"><b>${name}</b></p>`;
  const links = fault.links.map((link) => markup`<li>${linked(link)}</li>`);
  return markup`<div class="cause"><p><b>${name}</b>: ${fault.description}</p>
${links.length === 0 ? null : markup`<ul>${links}</ul>`}</div>`;
}

/** Where a fault was found: an issue, a repository or a paper. */
function linked(link: string): Markup {
  const [where, ...title] = link.split(': ') as [string, ...string[]];
  const [, repository, issue] = /^([\w.-]+\/[\w.-]+)(?:#(\d+))?$/.exec(where) ?? [];
  const [, paper] = /^arXiv:? ?([\d.]+)$/.exec(where) ?? [];
  const rest = title.length === 0 ? '' : `: ${title.join(': ')}`;
  if (paper !== undefined) return markup`<a href="https://arxiv.org/abs/${paper}">${where}</a>${rest}`;
  if (repository === undefined) return markup`${link}`;
  const path = issue === undefined ? repository : `${repository}/issues/${issue}`;
  return markup`<a href="https://github.com/${path}">${where}</a>${rest}`;
}

function failure({ id, suite, flags, outcome }: ReportedCase): Markup {
  const body =
    outcome.kind === 'fail'
      ? divergence(outcome.expected, outcome.got)
      : markup`<pre class="wrapped">${outcomeWords(outcome)}</pre>`;
  return markup`<div class="failure"><h4>${id}</h4>
${body}
${flagged(suite, flags)}
<pre class="command">turbo-lora conform --case ${id} -- YOUR COMMAND</pre></div>
`;
}

/** What is special about a case, and which faults show in it. */
function flagged(suite: string, flags: readonly string[]): Markup {
  const notes = CONFORM_SUITES.get(suite)?.flags ?? {};
  const faults = flags.filter((flag) => knownFault(suite, flag) !== undefined);
  const special = flags.filter((flag) => !faults.includes(flag));
  return markup`<ul class="flags">${special.map((flag) => markup`<li><b>${flag}</b> ${notes[flag] ?? ''}</li>`)}
${faults.length === 0 ? null : markup`<li>Known faults that show here: ${faults.join(', ')}</li>`}</ul>`;
}

/** What was expected above what came, with the first word marked that differs. */
function divergence(expected: string, got: string): Markup {
  const [right, wrong] = [expected.split(' '), got.split(' ')];
  const at = right.findIndex((word, i) => word !== wrong[i]);
  const first = at < 0 ? right.length : at;
  const line = (words: readonly string[], shade: string): Markup => {
    const differs = words[first];
    const marked = markup`<mark class="${shade}">${differs ?? 'nothing'}</mark>`;
    return markup`${words.slice(0, first).map((word) => `${word} `)}${marked}${words.slice(first + 1).map((word) => ` ${word}`)}`;
  };
  return markup`<dl class="divergence"><div><dt>expected<dd><code>${line(right, 'good')}</code></div>
<div><dt>got<dd><code>${line(wrong, 'bad')}</code></div></dl>`;
}
