/** However cases are split over shards, and in whatever order their reports are merged, nothing is gained or lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Explanation, Outcome } from '../../src/oracle/conformance/conform-case.ts';
import { casesOfShard, conformanceReport, silentReport } from '../../src/oracle/conformance/conformance-report.ts';
import { mergeReports } from '../../src/oracle/conformance/merge-reports.ts';
import { readReport } from '../../src/oracle/conformance/read-report.ts';
import { reportText } from '../../src/oracle/conformance/report-text.ts';
import { judgedCases, type MadeCase, someEngine } from '../support/made-cases.ts';

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Outcome>({ kind: 'pass' }) },
  fc.record({ kind: fc.constant('fail' as const), expected: fc.string(), got: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constant('near tie' as const), got: fc.string() }),
  fc.record({ kind: fc.constant('unsupported' as const), reason: fc.string() }),
  fc.record({ kind: fc.constant('broken' as const), problem: fc.string() }),
);

const CATALOGUE: readonly Explanation[] = [
  ...['a', 'b', 'c'].map((name) => ({ kind: 'fault', name }) as const),
  { kind: 'rule', name: 'a' },
];

const madeCase: fc.Arbitrary<MadeCase> = fc.record({
  outcome,
  flags: fc.subarray(['zero', 'tie']),
  fits: fc.oneof(fc.constant(CATALOGUE), fc.subarray([...CATALOGUE])),
});

/** Cases are ordered by their part. */
const cases = fc
  .array(fc.tuple(fc.constantFrom('p', 'q', 'r'), madeCase), { maxLength: 30 })
  .map((all) => all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([part, made]) => ({ ...made, part })));

/** Texts of reports, one per shard, in some order. */
const split = fc
  .record({ made: cases, count: fc.integer({ min: 1, max: 6 }), order: fc.infiniteStream(fc.nat()) })
  .map(({ made, count, order }) => {
    const judged = judgedCases(made);
    const plan = { judge: '1', cases: judged.map(({ test }) => test) };
    const texts = Array.from({ length: count }, (_, i) => {
      const run = { ...plan, shard: { index: i + 1, count } };
      const own = new Set(casesOfShard(run));
      return reportText(
        conformanceReport(
          someEngine,
          run,
          judged.filter(({ test }) => own.has(test)),
        ),
      );
    });
    return { whole: reportText(conformanceReport(someEngine, plan, judged)), texts, next: () => order.next().value };
  });

const merged = (texts: readonly string[]): string =>
  reportText(mergeReports(texts.map((text, i) => ({ name: `${i}`, report: readReport(JSON.parse(text), `${i}`) }))));

describe('merging the reports of shards', () => {
  it('two by two, three by three, in any order, makes the bytes of one run', () => {
    fc.assert(
      fc.property(split, ({ whole, texts, next }) => {
        const left = [...texts];
        while (left.length > 1) {
          const taken = Array.from({ length: Math.min(left.length, 2 + (next() % 2)) }, () =>
            left.splice(next() % left.length, 1),
          ).flat();
          left.push(merged(taken));
        }
        expect(left).toEqual([whole]);
      }),
    );
  });

  it('without all of them, is the same in any order, and never a pass', () => {
    fc.assert(
      fc.property(split, fc.nat(), ({ texts, next }, at) => {
        fc.pre(texts.length > 1);
        const some = texts.toSpliced(at % texts.length, 1);
        const result = merged(some);
        expect(merged(some.toSorted(() => (next() % 2) - 0.5))).toBe(result);
        expect(JSON.parse(result).verdict).not.toBe('PASS');
      }),
    );
  });

  it('splits cases evenly over the shards, each part too', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 40 }), (made, count) => {
        const all = judgedCases(made).map(({ test }) => test);
        const shards = Array.from({ length: count }, (_, i) =>
          casesOfShard({ judge: '1', cases: all, shard: { index: i + 1, count } }),
        );
        expect(
          shards
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(all.map(({ id }) => id).sort());
        for (const part of [null, 'p', 'q', 'r']) {
          const sizes = shards.map((shard) => shard.filter((one) => part === null || one.part === part).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('a shard whose engine did not say who it is', () => {
  it('makes an alarm of the whole, with what the engine did', () => {
    const judged = judgedCases([{ outcome: { kind: 'pass' } }, { outcome: { kind: 'pass' } }]);
    const plan = { judge: '1', cases: judged.map(({ test }) => test) };
    const first = conformanceReport(someEngine, { ...plan, shard: { index: 1, count: 2 } }, judged.slice(0, 1));
    const second = silentReport('it died', { ...plan, shard: { index: 2, count: 2 } });
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      const report = mergeReports(order.map((each, i) => ({ name: `${i}`, report: each })));
      expect(report).toMatchObject({ verdict: 'ALARM', engine: someEngine, problems: ['it died'] });
      expect(report.counts).toMatchObject({ pass: 1, 'not asked': 1 });
    }
  });
});
