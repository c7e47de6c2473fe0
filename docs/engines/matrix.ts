/** Writes `matrix.md` and `known/NAME.txt` from `reports/NAME.json`. Fails if a failing case has no finding. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readReport } from '../../src/oracle/conformance/read-report.ts';
import { knownFailures, matrixPage, type Reports, unexplained } from './matrix-page.ts';

const here = fileURLToPath(new URL('./', import.meta.url));

/** The committed reports, sorted by name. */
export function committedReports(): Reports {
  const files = readdirSync(`${here}reports`).filter((file) => file.endsWith('.json'));
  return new Map(
    files.sort().map((file) => {
      const report = readReport(JSON.parse(readFileSync(`${here}reports/${file}`, 'utf8')), file);
      return [file.replace(/\.json$/, ''), report];
    }),
  );
}

/** The files that follow from reports, by their path in this folder. A list of failures needs a run without shards. */
export function filesFrom(reports: Reports): ReadonlyMap<string, string> {
  const words = (name: string) => readFileSync(`${here}matrix-${name}.md`, 'utf8');
  const whole = [...reports].filter(([, { plan }]) => plan.shards === 1);
  return new Map([
    ['matrix.md', matrixPage(reports, words('before'), words('after'))],
    ...whole.map(([name, report]) => {
      const lines = knownFailures(report).map((id) => `${id}\n`);
      return [`known/${name}.txt`, lines.join('')] as const;
    }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reports = committedReports();
  for (const [path, text] of filesFrom(reports)) writeFileSync(`${here}${path}`, text);
  const missing = unexplained(reports);
  if (missing.length > 0) {
    process.stderr.write(`without a finding:\n${missing.join('\n')}\n`);
    process.exitCode = 1;
  }
}
