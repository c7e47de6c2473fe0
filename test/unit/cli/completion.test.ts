/** The scripts are run by the shells that they are for; bash is everywhere, zsh and fish where they are installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/verify/rules.ts';
import { commandLine } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'completion-'));

async function scriptFor(shell: string): Promise<string> {
  const { code, stdout } = await commandLine('completion', shell);
  expect(code).toBe(0);
  const file = join(folder, shell);
  writeFileSync(file, stdout);
  return file;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

function run(shell: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(shell, args, { input, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const COMMANDS = [
  'generate',
  'compare',
  'inspect',
  'logits',
  'law',
  'audit',
  'rules',
  'faults',
  'conform',
  'report',
  'problem',
  'fixtures',
  'engine',
  'completion',
];

describe('bash', () => {
  /** What completion offers for each line, whose last word is being typed. All lines in one shell. */
  async function offers(...lines: string[][]): Promise<string[][]> {
    const tries = lines.map((words) => `try ${words.map((word) => `'${word}'`).join(' ')}`).join('\n');
    const script = `source ${await scriptFor('bash')}
try() { COMP_WORDS=(turbo-lora "$@"); COMP_CWORD=$#; _turbo_lora; echo "\${COMPREPLY[*]}"; }
${tries}`;
    return run('bash', ['--norc'], script)
      .split('\n')
      .slice(0, lines.length)
      .map((line) => (line === '' ? [] : line.split(' ')));
  }

  it('offers commands, options, their values, files and folders', async () => {
    const [commands, begun, options, rules, begunRule, shells, folders, files, text] = await offers(
      [''],
      ['ge'],
      ['generate', '--dr'],
      ['generate', '--verify', ''],
      ['generate', '--temperature', '1', '--verify', 'rec'],
      ['completion', ''],
      ['inspect', 'fixt'],
      ['generate', '--prompts', 'package.j'],
      ['generate', '--prompt', 'fix'],
    );
    expect(commands).toEqual(COMMANDS);
    expect(begun).toEqual(['generate']);
    expect(options).toEqual(['--draft', '--draft-tokens', '--draft-tree', '--draft-sample']);
    expect(rules).toEqual([...RULES.keys()]);
    expect(begunRule).toEqual(['recursive']);
    expect(shells).toEqual(['bash', 'zsh', 'fish']);
    expect(folders).toEqual(['fixtures']);
    expect(files).toEqual(['package.json']);
    expect(text).toEqual([]);
  });

  it('reads --option=value and model:DIR, which it takes apart into words', async () => {
    const [afterSign, begun, prefix, model] = await offers(
      ['generate', '--verify', '='],
      ['generate', '--verify', '=', 'trav'],
      ['generate', '--draft', 'mo'],
      ['generate', '--draft', 'model', ':', 'fixt'],
    );
    expect(afterSign).toEqual([...RULES.keys()]);
    expect(begun).toEqual(['traversal']);
    expect(prefix).toEqual(['model:']);
    expect(model).toEqual(['fixtures']);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  it.each([
    ['turbo-lora ge', ['generate']],
    ['turbo-lora generate --verify tra', ['traversal']],
    ['turbo-lora generate --verify=tra', ['--verify=traversal']],
    ['turbo-lora generate --model fixt', ['fixtures/']],
    ['turbo-lora generate --draft model:fixt', ['model:fixtures/']],
    ['turbo-lora generate --prompts package.j', ['package.json']],
    ['turbo-lora completion z', ['zsh']],
  ])('%s', async (line, expected) => {
    const out = run('fish', ['--no-config', '-c', `source ${await scriptFor('fish')}; complete -C '${line}'`]);
    expect(
      out
        .trim()
        .split('\n')
        .map((offer) => offer.split('\t')[0]),
    ).toEqual(expected);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  it('completes a line in a terminal', async () => {
    const script = `zmodload zsh/zpty
zpty shell 'TERM=dumb zsh -f -i'
zpty -w shell "autoload -Uz compinit; compinit -D -u; source ${await scriptFor('zsh')}; print REA''DY"
while zpty -r shell out; do [[ $out == *READY* ]] && break; done
zpty -w -n shell $'turbo-lora gen\\t --verify=trav\\t --model fixt\\t'
all=; for i in {1..40}; do sleep 0.1; while zpty -rt shell out; do all+=$out; done; [[ $all == *fixtures* ]] && break; done
print -r -- "$all"`;
    const out = run('zsh', ['-f'], script);
    expect(out).toContain('turbo-lora generate');
    expect(out).toContain('--verify=traversal');
    expect(out).toContain('--model fixtures/');
  });
});

it('another shell is refused by name, with the nearest one', async () => {
  const { code, stderr } = await commandLine('completion', 'fissh');
  expect(code).toBe(2);
  expect(stderr).toMatch(/shell: expected one of bash, zsh, fish, got fissh \(did you mean fish\?\)/);
});
