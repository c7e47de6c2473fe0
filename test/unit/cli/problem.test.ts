import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { realize } from '../../../src/oracle/checkpoints/realize.ts';
import { commandLine } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'problem-'));
const input = { vocabulary: 3, target: ['1/2', '3/10', '1/5'], draft: ['1/5', '3/10', '1/2'] };
const problem = join(folder, 'problem.json');
writeFileSync(problem, JSON.stringify(input));

const filesOf = (out: string): string[] =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();

describe('problem realize', () => {
  it('writes the folders, and says what it wrote', async () => {
    const out = join(folder, 'deep', 'out');
    const { code, stdout } = await commandLine('problem', 'realize', '--problem', problem, '--out', out, '--json');
    expect(code).toBe(0);
    const { files, realization } = realize(problemFrom(input));
    expect(JSON.parse(stdout)).toEqual(realization);
    expect(filesOf(out)).toEqual([...files.keys()].sort());
    for (const [path, bytes] of files) expect(readFileSync(join(out, path)).equals(bytes)).toBe(true);
  });

  it('prints a table, and why there are no heads', async () => {
    const file = join(folder, 'never.json');
    writeFileSync(file, JSON.stringify({ ...input, target: ['0', '1/2', '1/2'] }));
    const out = join(folder, 'table');
    const made = await commandLine('problem', 'realize', '--problem', file, '--out', out, '--dtype', 'float32');
    expect(made.stdout).toMatch(/target.*\n.*draft.*\n.*medusa.*medusa\.problem\.json.*<s>/);
    expect(made.stderr).toMatch(/no turbo heads: token 0 is drafted/);
    expect(JSON.parse(readFileSync(join(out, 'target', 'config.json'), 'utf8')).torch_dtype).toBe('float32');
  });

  it.each<[string, string[], RegExp]>([
    ['no folder', ['--problem', problem], /required option '--out <dir>'/],
    ['another action', ['solve', '--problem', problem], /action: expected one of realize/],
    ['another width', ['--problem', problem, '--out', folder, '--dtype', 'float23'], /did you mean float32/],
    ['a vocabulary without room', ['--problem', problem, '--out', folder, '--vocabulary', '4'], /an integer in \[6/],
    ['a missing problem', ['--problem', 'none.json', '--out', folder], /none.json: expected a readable file/],
    ['a file as a folder', ['--problem', problem, '--out', join(problem, 'x')], /--out: expected a folder that can be/],
    // Node's own recursive mkdir never returns here.
    [
      'a folder that cannot be',
      ['--problem', problem, '--out', '/proc/none/x'],
      /--out: expected a folder that can be/,
    ],
  ])('refuses %s', async (_, args, message) => {
    const action = args[0]!.startsWith('--') ? ['realize'] : [];
    const { code, stdout, stderr } = await commandLine('problem', ...action, ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('leaves no half-written file where one cannot be replaced', async () => {
    const out = join(folder, 'blocked');
    mkdirSync(join(out, 'target', 'config.json'), { recursive: true });
    const { code, stderr } = await commandLine('problem', 'realize', '--problem', problem, '--out', out);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--out: expected a writable file/)]);
    expect(filesOf(out).filter((path) => path.endsWith('.unfinished') || path === 'realization.json')).toEqual([]);
  });
});
