/** `audit init`, end to end: the engine that it writes is judged correct, and wrong when one of its lines is broken. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { load } from '../../../src/language-model/node.ts';
import { commandLine } from '../../support/command-line.ts';

const folder = join(mkdtempSync(join(tmpdir(), 'audit-init-')), 'mine');
const inside = (name: string): string => join(folder, name);
let stdout: string;

beforeAll(async () => {
  const result = await commandLine('audit', 'init', folder);
  expect([result.code, result.stderr]).toEqual([0, '']);
  stdout = result.stdout;
});

/** Plays rounds with an engine and audits them. The seed makes the test say the same each time. */
async function audited(source: string, problem = 'problem.json') {
  writeFileSync(inside('tried.py'), source.replace('import random\n', 'import random\nrandom.seed(1)\n'));
  const {
    status,
    stdout: rounds,
    stderr,
  } = spawnSync('python3', ['tried.py', problem, '1500'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  writeFileSync(inside('rounds.jsonl'), rounds);
  const files = ['--problem', inside(problem), '--rounds', inside('rounds.jsonl')];
  const result = await commandLine('audit', '--rule', 'rejection', ...files, '--json');
  return { code: result.code, report: JSON.parse(result.stdout) };
}

describe('audit init', () => {
  it('writes a problem, folders and an engine of some thirty lines, and says how to go on', () => {
    const names = ['draft', 'draft.problem.json', 'engine.py', 'problem.json', 'realization.json', 'target'];
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
    const code = readFileSync(inside('engine.py'), 'utf8').split('\n');
    expect(code.filter((line) => line.trim() !== '').length).toBeLessThan(40);
    expect(stdout).toContain('turbo-lora audit --rule rejection --problem problem.json --rounds rounds.jsonl');
  });

  it.each(['problem.json', 'draft.problem.json'])('the engine raises no alarm: %s', async (problem) => {
    const { code, report } = await audited(readFileSync(inside('engine.py'), 'utf8'), problem);
    expect(code).toBe(0);
    expect(report).toMatchObject({ rounds: 1500, alarm: false, conclusion: 'no alarm' });
  });

  const broken: [string, string, string, string][] = [
    ['the residual', 'max(p - q, 0)', 'p', 'resample-from-target'],
    [
      'the draw of the draft',
      '(draw(law("draft", drafted)),)',
      '(law("draft", drafted).index(max(law("draft", drafted))),)',
      'greedy-draft',
    ],
  ];
  it.each(broken)('with one line broken it does, and the fault is named: %s', async (_, right, wrong, name) => {
    const source = readFileSync(inside('engine.py'), 'utf8');
    expect(source).toContain(right);
    const { code, report } = await audited(source.replace(right, wrong));
    expect(code % 2).toBe(1);
    expect(report).toMatchObject({ alarm: true });
    expect([report.conclusion, report.diagnosis[0].fault]).toEqual(['named', name]);
  });

  it('its model texts are judged by what it prints', async () => {
    const [model, draft] = [await load(inside('target')), await load(inside('draft'))];
    const shared = { prompt: [14, 13], draft, draftChoice: 'sample', verify: 'rejection', temperature: 1 } as const;
    const requests = Array.from({ length: 200 }, (_, seed) => ({ ...shared, maxNewTokens: 5, seed }));
    const { completions } = await model.batch(requests, { atOnce: 64 });
    writeFileSync(inside('texts.jsonl'), completions.map(({ tokens }) => JSON.stringify(tokens)).join('\n'));
    const line = /turbo-lora (audit texts .*)/.exec(stdout)![1]!;
    const args = line.split(' ').map((word) => (['target', 'texts.jsonl'].includes(word) ? inside(word) : word));
    expect((await commandLine(...args)).code).toBe(0);
  });

  it('refuses a folder with anything in it: exit 2', async () => {
    const { code, stderr } = await commandLine('audit', 'init', folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected an empty folder')]);
  });
});
