import { describe, expect, it } from 'vitest';
import { ConflictError, FormatError, OptionError } from '../../../../src/errors.ts';
import { conformanceReport } from '../../../../src/oracle/conformance/conformance-report.ts';
import { mergeReports } from '../../../../src/oracle/conformance/merge-reports.ts';
import type { Hello } from '../../../../src/oracle/conformance/protocol.ts';
import { readReport } from '../../../../src/oracle/conformance/read-report.ts';
import { shardFrom } from '../../../../src/oracle/conformance/shard.ts';
import { judgedCases, someEngine } from '../../../support/made-cases.ts';

interface Changes {
  readonly engine?: Partial<Hello>;
  readonly judge?: string;
  readonly cases?: number;
  readonly part?: string;
}

/** The report of a shard on an engine that passes. */
function shard(text: string, { engine = {}, judge = '1', cases = 6, part = 'rejection' }: Changes = {}) {
  const run = { judge, shard: shardFrom(text) };
  const all = judgedCases(Array.from({ length: cases }, () => ({ part, outcome: { kind: 'pass' } as const })));
  const own = all.filter((_, i) => i % run.shard.count === run.shard.index - 1);
  const report = conformanceReport({ ...someEngine, ...engine }, { ...run, cases: all.map(({ test }) => test) }, own);
  return { name: `shard ${text}`, report };
}

describe('reports that cannot be merged', () => {
  it.each<[string, ReturnType<typeof shard>[], RegExp]>([
    [
      'another version',
      [shard('1/2'), shard('2/2', { engine: { version: '2' } })],
      /^shard 2\/2: .* some engine 1\.0 .* as in shard 1\/2, got some engine 2/,
    ],
    ['another dtype', [shard('1/2'), shard('2/2', { engine: { dtype: 'bfloat16' } })], /float32.*bfloat16/],
    ['another judge', [shard('1/2'), shard('2/2', { judge: '2' })], /the judge 1 as in shard 1\/2, got 2/],
    ['other suites', [shard('1/2'), shard('2/2', { part: 'match' })], /rounds\/rejection as in .* got rounds\/match/],
    ['other cases', [shard('1/2'), shard('2/2', { cases: 7 })], /number of cases 6 as in .* got 7/],
    ['another split', [shard('1/2'), shard('2/3')], /number of shards 2 as in .* got 3/],
    ['the same shard', [shard('1/3'), shard('2/3'), shard('2/3')], /got shard 2 of 3, which is in shard 2\/3/],
    ['two whole reports', [shard('1/1'), shard('1/1')], /got shard 1 of 1/],
  ])('%s', (_, reports, message) => {
    expect(() => mergeReports(reports)).toThrow(ConflictError);
    expect(() => mergeReports(reports)).toThrow(message);
  });

  it('none', () => {
    expect(() => mergeReports([])).toThrow(OptionError);
  });
});

describe('a report that is read', () => {
  const { report } = shard('1/2');

  it('is taken as it was written', () => {
    expect(readReport(structuredClone(report), 'r')).toEqual(report);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown key', { seconds: 3 }, /^r: expected a report of conform/],
    ['another format', { formatVersion: 1 }, /formatVersion/],
    ['another verdict', { verdict: 'PASS' }, /^r: verdict: expected "UNDECIDED", got "PASS"/],
    ['a case less', { cases: report.cases.slice(1) }, /^r: numbers of cases: expected \[1,3,5\], got \[3,5\]/],
    ['other counts', { counts: { ...report.counts, fail: 1 } }, /^r: counts/],
    ['a part less', { parts: [] }, /^r: parts/],
    ['shards in no order', { shards: [1, 1] }, /^r: /],
    ['a shard beyond the last', { shards: [3] }, /^r: /],
    ['all shards under other numbers', { plan: { ...report.plan, shards: 1 } }, /^r: /],
    ['endless cases', { plan: { ...report.plan, cases: 1e12 } }, /^r: expected a report/],
  ])('not with %s', (_, change, message) => {
    expect(() => readReport({ ...report, ...change }, 'r')).toThrow(FormatError);
    expect(() => readReport({ ...report, ...change }, 'r')).toThrow(message);
  });
});
