import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
const at = (...path: string[]): string => join(folder, ...path);
const engine = ['--', process.execPath, '--import', 'tsx', 'src/cli/main.ts', 'engine', '--fault', 'coins-at-zero'];
const conform = (name: string, ...args: string[]) =>
  commandLine('conform', '--suite', 'rounds/rejection', '--report', at(name), ...args, ...engine);

describe('report merge', () => {
  beforeAll(async () => {
    await conform('whole');
    for (const i of [1, 2, 3]) await conform(`shard-${i}`, '--shard', `${i}/3`);
  }, 120_000);

  it('makes of shards the report of a run without them', async () => {
    const { code, stdout } = await commandLine(
      'report',
      'merge',
      at('shard-3'),
      at('shard-1', 'report.json'),
      at('shard-2'),
      '--out',
      at('merged'),
    );
    expect([code, stdout.split('\n')[0]]).toEqual([
      1,
      expect.stringMatching(/^ALARM: turbo-lora with coins-at-zero \S+$/),
    ]);
    expect(readFileSync(at('merged', 'report.json'), 'utf8')).toBe(readFileSync(at('whole', 'report.json'), 'utf8'));
  });

  it('of some of them says which are missing', async () => {
    const { code, stdout } = await commandLine('report', 'merge', at('shard-3'), at('shard-1'));
    expect([code, stdout.split('\n')[0]]).toEqual([1, expect.stringContaining('shards 1, 3 of 3, without 2')]);
  });

  it.each<[string, () => string[], RegExp]>([
    ['a shard twice', () => [at('shard-1'), at('shard-1')], /got shard 1 of 3, which is in/],
    ['what is not there', () => [at('nothing')], /nothing \(ENOENT\)/],
    ['what is not JSON', () => [at('text')], /text: expected JSON/],
    ['another file', () => ['package.json'], /package\.json: expected a report of conform/],
  ])('refuses %s', async (_, paths, message) => {
    writeFileSync(at('text'), 'text');
    const { code, stderr } = await commandLine('report', 'merge', ...paths());
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('a shard without anything wrong', () => {
  it('leaves the verdict to all together, and succeeds', { timeout: 60_000 }, async () => {
    const correct = engine.slice(0, -2);
    const args = ['--suite', 'rounds/rejection', '--shard', '2/20', ...correct];
    const { code, stdout } = await commandLine('conform', ...args);
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/^UNDECIDED: .*; shards 2 of 20, without 1, 3-20$/),
    ]);
  });
});
