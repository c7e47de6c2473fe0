/**
 * A report as one page, which needs nothing else: no scripts, no network. Whatever an engine sent is text on it.
 * @packageDocumentation
 */
import { byPart } from '../by-part.ts';
import { type Markup, markup } from '../markup.ts';
import { type ConformanceReport, failuresOf } from '../report.ts';
import { inRanges, missingShards } from '../shard-words.ts';
import { evidenceSection } from './evidence.ts';
import { failuresSection } from './failures.ts';
import { partsSection } from './parts.ts';
import { STYLE } from './style.ts';

/** The verdict in a sentence. */
function inWords(report: ConformanceReport): string {
  const { verdict, counts, cases, plan } = report;
  if (verdict === 'PASS') return 'Everything that was judged is right.';
  if (verdict === 'UNDECIDED') {
    return plan.shards > 1
      ? 'Nothing is wrong, but shards are missing.'
      : 'The engine supports nothing of what was asked.';
  }
  const failed = failuresOf(report).length;
  return [
    failed === 0 ? '' : `${failed} of ${cases.length} cases failed.`,
    counts['not asked'] === 0 ? '' : `${counts['not asked']} of ${cases.length} cases were not asked.`,
  ].join(' ');
}

/** The bytes of report.html. */
export function pageText(report: ConformanceReport): string {
  const { engine, verdict } = report;
  const name = engine === null ? 'an engine that did not say who it is' : `${engine.name} ${engine.version}`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdict}: ${name}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="${verdict.toLowerCase()}">
<p class="verdict">${verdict}</p>
<div><h1>${name}</h1><p>${inWords(report)}</p></div>
</header>
<main>
${factsSection(report)}
${partsSection(byPart(report.cases), report.parts)}
${failuresSection(report)}
${evidenceSection(report.cases)}
</main>
<footer>Judged by <code>turbo-lora conform</code> ${report.plan.judge}.</footer>
</body>
</html>
`;
  return page.text;
}

/** Who was judged, and on what. */
function factsSection(report: ConformanceReport): Markup {
  const { engine, problems, plan, shards } = report;
  const facts: [string, string][] = [];
  if (engine !== null) {
    facts.push(['Computes in', engine.dtype], ['Says it answers', engine.operations.join(', ') || 'nothing']);
  }
  facts.push(['Cases', `${report.cases.length}`]);
  if (plan.shards > 1) {
    facts.push(['Shards', `${inRanges(shards)} of ${plan.shards}`], ['Missing', inRanges(missingShards(report))]);
  }
  for (const problem of problems) facts.push(['Asked who it is', problem]);
  return markup`<section><dl>
${facts.map(([term, what]) => markup`<div><dt>${term}</dt><dd>${what}</dd></div>\n`)}</dl></section>`;
}
