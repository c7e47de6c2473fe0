import { describe, expect, it } from 'vitest';
import { conformanceReport, silentReport } from '../../../../../src/oracle/conformance/conformance-report.ts';
import { pageText } from '../../../../../src/oracle/conformance/page/page.ts';
import { HOSTILE_TEXTS, judgedCases, type MadeCase, someEngine } from '../../../../support/made-cases.ts';

function page(
  made: readonly MadeCase[],
  changes: Partial<typeof someEngine> = {},
  shard = { index: 1, count: 1 },
): string {
  const judged = judgedCases(made);
  const run = { judge: '1', cases: judged.map(({ test }) => test), shard };
  const own = judged.filter((_, i) => i % shard.count === shard.index - 1);
  return pageText(conformanceReport({ ...someEngine, ...changes }, run, own));
}

/** The text of a page without its tags, as a reader sees it. */
const read = (text: string): string => text.replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the page', () => {
  it('says the verdict, who was judged, and how many parts passed', () => {
    const text = page([
      { outcome: { kind: 'pass' } },
      { part: 'match', outcome: { kind: 'unsupported', reason: 'no' } },
    ]);
    expect(text).toContain('<title>PASS: some engine 1.0</title>');
    expect(read(text)).toMatch(
      /PASS some engine 1\.0 .* rounds 1 of 2 parts passed .* rejection\s?1\s?1\s?passed match\s?1\s?1\s?not supported/,
    );
    expect(text).not.toContain('What failed');
  });

  it('shows where a failure first differs, what its flags mean, what explains it, and how to run only that case', () => {
    const fits = [{ kind: 'fault', name: 'coin-at-most' }] as const;
    const outcome = { kind: 'fail', expected: '4 2 3', got: '4 0' } as const;
    const text = page([{ outcome, fits, flags: ['UniformZero', 'coin-at-most', 'Unheard'] }]);
    expect(text).toContain('4 <mark class="good">2</mark> 3');
    expect(text).toContain('4 <mark class="bad">0</mark>');
    expect(text).toContain('<b>UniformZero</b> A uniform that decides something is 0.');
    expect(text).toContain('<b>Unheard</b>');
    expect(text).toContain('at u = 0 a token of probability zero is accepted');
    expect(text).toContain('href="https://github.com/sgl-project/sglang/issues/35771"');
    expect(text).toContain('turbo-lora conform --case case-1 -- YOUR COMMAND');
    expect(read(text)).toContain('1 of 1 cases failed.');
  });

  it('marks an end that came too early', () => {
    const text = page([{ outcome: { kind: 'fail', expected: '4 2', got: '4' } }]);
    expect(text).toContain('4 <mark class="bad">nothing</mark>');
    expect(text).toContain('No known fault and no other rule');
  });

  it('says which rule an engine follows instead', () => {
    const fits = [{ kind: 'rule', name: 'match' }] as const;
    expect(page([{ outcome: { kind: 'fail', expected: '1', got: '2' }, fits }])).toContain(
      'follows the rule <b>match</b> instead',
    );
  });

  it('draws the evidence of statistical cases', () => {
    const evidence = Array.from({ length: 1000 }, (_, i) => ({ texts: 10 * i, logEvidence: i / 100 }));
    const text = page([{ outcome: { kind: 'pass', evidence } }]);
    expect(read(text)).toContain('case-1: 10.0 nats after 9990 texts');
    const [, points] = /<polyline class="good" points="([^"]*)"/.exec(text)!;
    expect(points!.split(' ').length).toBeLessThan(300);
    expect(points!).toMatch(/^44\.0,128\.0 .* 604\.0,8\.0$/);
    expect(page([{ outcome: { kind: 'pass', evidence: [{ texts: 0, logEvidence: 0 }] } }])).not.toContain('NaN');
  });

  it('says which shards are missing, and what an engine did that did not say who it is', () => {
    const passes = Array.from({ length: 4 }, () => ({ outcome: { kind: 'pass' } }) as const);
    const part = read(page(passes, {}, { index: 2, count: 4 }));
    expect(part).toContain('UNDECIDED');
    expect(part).toMatch(/Shards\s?2 of 4 Missing\s?1, 3-4/);
    const cases = judgedCases(passes).map(({ test }) => test);
    expect(read(pageText(silentReport('it died', { judge: '1', cases })))).toMatch(/Asked who it is\s?it died/);
  });

  it('stays short when much fails', () => {
    const text = page(
      Array.from({ length: 500 }, () => ({ outcome: { kind: 'fail', expected: '1', got: '2' } }) as const),
    );
    expect(read(text)).toContain('and 480 others, which are in report.json');
    expect(text.length).toBeLessThan(50_000);
  });
});

describe('what an engine sends', () => {
  it.each(HOSTILE_TEXTS)('is text on the page: %.30j', (text) => {
    const outcomes = [
      { kind: 'fail', expected: text, got: text },
      { kind: 'error', message: text },
      { kind: 'broken', problem: text },
      { kind: 'unsupported', reason: text },
      { kind: 'near tie', got: text },
    ] as const;
    const made = outcomes.map((outcome) => ({ outcome }));
    const hostile = page(made, { name: text.slice(0, 200), version: text, dtype: text, operations: [text] });
    const plain = page(
      outcomes.map((outcome) => ({ outcome: { ...outcome } })),
      { operations: ['x'] },
    );
    const tags = (whole: string): string[] => [...new Set(whole.match(/<[a-z!/]+/g))].sort();
    // No element more than a report on a harmless engine with such outcomes has, and no attribute that could act.
    expect(tags(hostile)).toEqual(tags(plain));
    expect(hostile).not.toMatch(/<[^>]*\son\w+=/);
    expect(hostile.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(hostile.length).toBeLessThan(100_000);
  });

  it('cannot make the page load anything', () => {
    const text = page([{ outcome: { kind: 'pass' } }]);
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(text).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
  });
});
