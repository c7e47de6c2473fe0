import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { loadTokenizer } from '../../../src/formats/tokenizer.ts';
import type { ReportedCase } from '../../../src/oracle/conformance/report.ts';
import { commandLine } from '../../support/command-line.ts';
import { completionsServer } from '../../support/completions-server.ts';

const target = 'fixtures/problems/greedy-draft/target';
const served = ['conform', '--http', 'http://127.0.0.1:9', '--checkpoint', target];
const engine = ['--', process.execPath, '--import', 'tsx', 'src/cli/main.ts', 'engine'];

describe('conform', () => {
  it('passes this package, as a child process', { timeout: 60_000 }, async () => {
    const { code, stdout } = await commandLine('conform', '--suite', 'rounds/rejection', ...engine);
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^PASS: turbo-lora \d/)]);
    expect(stdout.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^\d+ pass$/),
      'rounds: 1 of 1 part passed',
      '',
    ]);
  });

  it('names a planted fault, with exit code 1 and a report', { timeout: 60_000 }, async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'conform-')), 'report');
    const faulty = [...engine, '--fault', 'coin-at-most'];
    const { code, stdout } = await commandLine('conform', '--suite', 'rounds/rejection', '--report', folder, ...faulty);
    expect([code, stdout.split('\n')[0]]).toEqual([1, expect.stringMatching(/^ALARM: turbo-lora with coin-at-most/)]);
    expect(stdout).toMatch(/│ rounds\/rejection │ +49 │ +5 │ coin-at-most +│/);
    expect(stdout).toContain('--case round-rejection-grid-1 shows');
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(report).toMatchObject({
      verdict: 'ALARM',
      parts: [{ explanations: [{ kind: 'fault', name: 'coin-at-most' }] }],
    });
    const failed = report.cases.filter(({ outcome }: ReportedCase) => outcome.kind === 'fail');
    expect(failed.length).toBe(report.counts.fail);
  });

  it('says what an engine did that did not greet', async () => {
    const { code, stdout } = await commandLine('conform', '--', 'no-such-program');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^ALARM: the engine did not say who it is: it could not be started/),
    ]);
  });

  it('judges one case, and shows what was asked and answered', { timeout: 60_000 }, async () => {
    const id = 'round-rejection-grid-5';
    const faulty = [...engine, '--fault', 'coin-at-most'];
    const [right, wrong] = [
      await commandLine('conform', '--case', id, ...engine),
      await commandLine('conform', '--case', id, ...faulty),
    ];
    expect([right.code, right.stdout.split('\n')[0]]).toEqual([0, `${id}: pass`]);
    expect(right.stdout).toMatch(
      /^asked \{"id":1,"op":"accept","rule":"rejection".*\nthere came \{"id":1,"outputs":\{"emitted":\[1\]\}\}$/m,
    );
    expect([wrong.code, wrong.stdout]).toEqual([
      1,
      expect.stringContaining(`${id}: expected 1\ngot 0\nflags: NoneAccepted`),
    ]);
    const { stdout } = await commandLine('conform', '--json', '--case', id, ...faulty);
    expect(JSON.parse(stdout)).toMatchObject({
      case: id,
      outcome: { kind: 'fail' },
      exchanges: [{}, { request: { op: 'accept' } }],
    });
    const silent = await commandLine('conform', '--case', id, '--', 'no-such-program');
    expect([silent.code, silent.stdout]).toEqual([1, expect.stringContaining('could not be started')]);
  });

  it('writes nothing outside the folder of the report, whatever the engine says it is', {
    timeout: 60_000,
  }, async () => {
    const parent = mkdtempSync(join(tmpdir(), 'outside-'));
    const name = '../../evil\u0000</script><script>alert(1)</script>\u001b[2J';
    const hostile = `const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, op } = JSON.parse(line);
        const name = ${JSON.stringify(name)};
        if (op === 'hello') say({ id, outputs: { name, version: name, dtype: '../x', operations: ['../x'] } });
        else say({ id, error: name + 'x'.repeat(1500) });
      });`;
    const args = [
      '--suite',
      'rounds/rejection',
      '--report',
      join(parent, 'in', 'report'),
      '--',
      process.execPath,
      '-e',
      hostile,
    ];
    const { code, stdout } = await commandLine('conform', ...args);
    expect(code).toBe(1);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(readdirSync(parent, { recursive: true }).sort()).toEqual([
      'in',
      'in/report',
      ...['junit.xml', 'report.html', 'report.json'].map((file) => `in/report/${file}`),
    ]);
    expect(readFileSync(join(parent, 'in/report/report.html'), 'utf8')).not.toMatch(/<script/);
  });

  it('says that a server is not there', async () => {
    const { code, stdout } = await commandLine(...served);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^ALARM: .* it could not be reached/)]);
  });

  it('judges a server by what it serves', { timeout: 60_000 }, async () => {
    const tokenizer = loadTokenizer(folderAt(target))!;
    const pieces = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.tokenText(id));
    const { url, stop } = await completionsServer({ checkpoint: target, pieces, spelling: 'vllm' });
    const { code, stdout } = await commandLine('conform', '--suite', 'draws', '--http', url, '--checkpoint', target);
    await stop();
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^UNDECIDED: served test/)]);
  });

  it.each<[string, string[], RegExp]>([
    ['no engine', ['conform'], /engine: expected a command after --, or --http/],
    ['a server and a command', ['conform', '--http', 'http://x', '--', 'x'], /--http: expected no command/],
    ['a server of nothing', ['conform', '--http', 'http://x'], /--checkpoint: expected the folder/],
    ['a checkpoint without a server', ['conform', '--checkpoint', 'x', '--', 'x'], /--checkpoint: expected --http/],
    ['an adapter without a server', ['conform', '--adapter', 'a=b', '--', 'x'], /--adapter: expected --http/],
    [
      'something other than an address',
      ['conform', '--http', 'x:1', '--checkpoint', target],
      /--http: expected an http/,
    ],
    ['an adapter without a name', [...served, '--adapter', 'b'], /--adapter: expected name=dir/],
    ['a timeout of 0', ['conform', '--timeout', '0', '--', 'x'], /--timeout: expected seconds/],
    [
      'a rule that does not exist',
      ['conform', '--suite', 'rounds/rejecton', '--', 'x'],
      /did you mean rounds\/rejection/i,
    ],
    ['a shard beyond the last', ['conform', '--shard', '3/2', '--', 'x'], /--shard: expected I\/N/],
    [
      'a case that does not exist',
      ['conform', '--case', 'round-rejection-gird-5', '--', 'x'],
      /did you mean round-rejection-grid-5/i,
    ],
    ['a case of a shard', ['conform', '--case', 'x', '--shard', '1/2', '--', 'x'], /--case: expected no --shard/],
    ['a fault that does not exist', ['engine', '--fault', 'coin'], /--fault: expected one of/],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await commandLine(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
