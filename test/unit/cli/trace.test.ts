/** From `generate --trace` to `audit`, as a user would go. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traceShape } from '../../../src/law/trace-line.ts';
import { commandLine } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
const embedded = ['--model', 'fixtures/embedded/base', '--adapter', 'fixtures/embedded/adapter'];
const generate = (file: string, ...more: string[]) =>
  commandLine('generate', ...embedded, '--prompt', 'Once', '--max-new-tokens', '60', '--trace', file, ...more);
const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a trace', () => {
  it.each([
    ['match', []],
    ['rejection', ['--draft-sample']],
    ['traversal', ['--draft-sample', '--draft-tree', '2,2']],
  ])('with laws, of rule %s, is judged line by line without a problem: no alarm', async (rule, more) => {
    const file = join(folder, `${rule}.jsonl`);
    const written = await generate(file, '--trace-laws', '--temperature', '1.2', '--verify', rule, ...more);
    expect([written.code, written.stderr]).toEqual([0, expect.not.stringMatching(/error/)]);
    for (const line of linesOf(file)) expect(traceShape.safeParse(line).error).toBe(undefined);
    const { code, stdout } = await commandLine('audit', '--rule', rule, '--rounds', file, '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ tokens: 60, rule, alarm: false, impossible_tokens: 0 });
    expect((await commandLine('audit', '--rule', rule, '--rounds', file)).stdout).toMatch(
      /Tokens: no departure from the target distributions detected/,
    );
  });

  it('of another text is an alarm: exit 1', async () => {
    const file = join(folder, 'shuffled.jsonl');
    await generate(file, '--trace-laws', '--temperature', '0', '--verify', 'match');
    const wrong = linesOf(file).map(({ emitted, accepted, ...line }) => {
      const [first] = emitted as number[];
      return JSON.stringify({ ...line, accepted: 0, emitted: [(first! + 1) % 200] });
    });
    writeFileSync(file, wrong.join('\n'));
    const { code, stdout } = await commandLine('audit', '--rule', 'match', '--rounds', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Tokens: ALARM in round 1: .*infinite/);
  });

  it('without laws asks for them, or for a problem', async () => {
    const file = join(folder, 'bare.jsonl');
    await generate(file);
    for (const line of linesOf(file)) expect(traceShape.safeParse(line).error).toBe(undefined);
    const { code, stderr } = await commandLine('audit', '--rule', 'match', '--rounds', file);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/line 1: expected target_laws \(written by generate --trace-laws.*FormatError/),
    ]);
  });

  it('laws need a trace, and options of exact work a problem', async () => {
    const bare = await commandLine('generate', ...embedded, '--prompt', 'Once', '--trace-laws');
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringMatching(/--trace-laws.*ConflictError/)]);
    const file = join(folder, 'bare.jsonl');
    const { code, stderr } = await commandLine('audit', '--rule', 'match', '--rounds', file, '--budget', '10');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--budget.*ConflictError/)]);
  });
});
