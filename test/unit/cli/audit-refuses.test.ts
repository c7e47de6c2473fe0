import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import { REVEALING } from '../../support/sampled-rounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const problem = write('problem.json', JSON.stringify(REVEALING));

const audit = (rounds: string, ...more: string[]) =>
  commandLine('audit', '--problem', problem, '--rule', 'rejection', '--rounds', rounds, ...more);

describe('audit refuses', () => {
  const one = '{"drafted":[0,1],"accepted":0,"emitted":[2]}\n';
  it.each<[string, string, RegExp]>([
    ['no rounds', '\n', /at least one round, got none.*FormatError/],
    ['a line that is not JSON', `${one}\n{"drafted":\n`, /line 3: expected JSON.*FormatError/],
    ['a token out of range', `${one}{"accepted":0,"emitted":[4]}`, /line 2: emitted: 0: .*\[0, 4\), got 4.*TokenError/],
    [
      'more accepted than drafted',
      '{"drafted":[0,1],"accepted":3,"emitted":[0,1,0,0]}',
      /line 1: accepted: .*FormatError/,
    ],
    ['drafts that come and go', `${one}{"accepted":0,"emitted":[0]}`, /line 2: drafted: .*as before.*FormatError/],
    [
      'counts that come and go',
      `${one}{"drafted":[0,1],"accepted":0,"emitted":[2],"times":2}`,
      /line 2: times: .*none/,
    ],
    ['a draft of another shape', '{"drafted":[0,1],"parents":[-1,-1],"accepted":0,"emitted":[0]}', /line 1: draft: /],
  ])('%s', async (_, text, message) => {
    const { code, stdout, stderr } = await audit(write('wrong.jsonl', text), '--json');
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it.each<[string, string[], RegExp]>([
    ['a missing file', [problem, 'rejection', 'no-such.jsonl'], /no-such.jsonl: .*ENOENT.*MissingFileError/],
    ['a folder', [problem, 'rejection', folder], /a file or a stream, got a folder.*FormatError/],
    ['an unknown rule', [problem, 'luck', problem], /got luck.*OptionError/],
    ['an invalid problem', [write('none.json', '{"vocabulary": 2}'), 'rejection', problem], /target.*FormatError/],
  ])('%s', async (_, [file, rule, rounds], message) => {
    const args = ['--problem', file!, '--rule', rule!, '--rounds', rounds!];
    const { code, stderr } = await commandLine('audit', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('a false alarm rate that is not a probability', async () => {
    const { code, stderr } = await audit(write('fine.jsonl', one), '--false-alarm', '2');
    expect(stderr).toMatch(/false alarm rate: .*OptionError/);
    expect(code).toBe(2);
  });
});
