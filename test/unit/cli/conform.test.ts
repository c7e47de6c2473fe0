import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReportedCase } from '../../../src/oracle/conformance/report.ts';
import { commandLine } from '../../support/command-line.ts';

const engine = ['--', process.execPath, '--import', 'tsx', 'src/cli/main.ts', 'engine'];

describe('conform', () => {
  it('passes this package, as a child process', { timeout: 60_000 }, async () => {
    const { code, stdout } = await commandLine('conform', '--suite', 'rounds/rejection', ...engine);
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^PASS: turbo-lora \d/)]);
    expect(stdout).toMatch(/rounds\/rejection +│ +\d+ │ +0 │/);
  });

  it('names a planted fault, with exit code 1 and a report', { timeout: 60_000 }, async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'conform-')), 'report');
    const faulty = [...engine, '--fault', 'coin-at-most'];
    const { code, stdout } = await commandLine('conform', '--suite', 'rounds/rejection', '--report', folder, ...faulty);
    expect([code, stdout.split('\n')[0]]).toEqual([1, expect.stringMatching(/^ALARM: turbo-lora with coin-at-most/)]);
    expect(stdout).toMatch(/│ coin-at-most/);
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

  it.each<[string, string[], RegExp]>([
    ['no engine', ['conform'], /missing required argument 'command'/],
    ['a timeout of 0', ['conform', '--timeout', '0', '--', 'x'], /--timeout: expected seconds/],
    [
      'a rule that does not exist',
      ['conform', '--suite', 'rounds/rejecton', '--', 'x'],
      /did you mean rounds\/rejection/i,
    ],
    ['a fault that does not exist', ['engine', '--fault', 'coin'], /--fault: expected one of/],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await commandLine(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
