import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../docs/engines/causes.ts';
import { committedReports, filesFrom } from '../../docs/engines/matrix.ts';
import { matrixPage, unexplained } from '../../docs/engines/matrix-page.ts';
import { failuresOf } from '../../src/oracle/conformance/report.ts';

const folder = fileURLToPath(new URL('../../docs/engines/', import.meta.url));
const reports = committedReports();

describe('the page on real engines', () => {
  it('and the lists of known failures are what the committed reports give', () => {
    expect(reports.size).toBeGreaterThanOrEqual(4);
    for (const [path, text] of filesFrom(reports)) expect(readFileSync(`${folder}${path}`, 'utf8'), path).toBe(text);
  });

  it('has a finding for every failing case, and a page for every finding', () => {
    expect(unexplained(reports)).toEqual([]);
    for (const { finding } of Object.values(CAUSES).flat()) {
      expect(existsSync(`${folder}findings/${finding}.md`), finding).toBe(true);
    }
  });

  it('has a failing case for every flag that a finding names', () => {
    for (const [name, causes] of Object.entries(CAUSES)) {
      const failures = failuresOf(reports.get(name) ?? { cases: [] });
      const seen = new Set(failures.flatMap(({ flags }) => flags));
      for (const { flags } of causes) expect(flags.filter((flag) => !seen.has(flag))).toEqual([]);
    }
  });

  it('says which case has no finding', () => {
    const [name, report] = [...reports].find(([, { counts }]) => counts.fail > 0)!;
    const stranger = new Map([[`${name}-of-another-kind`, report]]);
    expect(unexplained(stranger)).toHaveLength(failuresOf(report).length);
    expect(unexplained(stranger)[0]).toBe(`${name}-of-another-kind: ${failuresOf(report)[0]!.id}`);
  });

  it('counts the cases of each part', () => {
    const page = matrixPage(reports, 'before', 'after');
    const total = [...reports.values()].reduce((sum, report) => sum + failuresOf(report).length, 0);
    const counted = [...page.matchAll(/(\d+) failed:/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(counted).toBe(total);
    expect(page.startsWith('before\n\n')).toBe(true);
    expect(page.endsWith('\n\nafter\n')).toBe(true);
  });
});
