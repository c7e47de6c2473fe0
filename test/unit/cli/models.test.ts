import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../../src/language-model/node.ts';
import { commandLine } from '../../support/command-line.ts';

const BASE = 'fixtures/embedded/base';
const ADAPTER = 'fixtures/embedded/adapter';
const PROMPT = 'def total_price(items):\n';
const file = join(mkdtempSync(join(tmpdir(), 'adapters-')), 'prompts.jsonl');

async function generated(lines: object[], ...args: string[]) {
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return commandLine(...['generate', '--model', BASE, '--prompts', file, '--max-new-tokens', '6', '--json', ...args]);
}

describe('several adapters', () => {
  it('each prompt has the one that it chooses, or none', async () => {
    const adapters = ['--adapter', `one=${ADAPTER}`, '--adapter', `two=${ADAPTER}`];
    const lines = ['two', null, 'one'].map((adapter) => ({ prompt: PROMPT, adapter }));
    const { code, stdout } = await generated(lines, ...adapters);
    expect(code).toBe(0);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.map(({ adapter }) => adapter)).toEqual(['two', undefined, 'one']);
    const [base, adapted] = [await load(BASE), await load(BASE, { adapter: ADAPTER })];
    const expected = await Promise.all(
      [adapted, base, adapted].map(async (model) => (await model.complete(PROMPT, { maxNewTokens: 6 })).tokens),
    );
    expect(results.map(({ tokens }) => tokens)).toEqual(expected);
    expect(results.map(({ drafted }) => drafted > 0)).toEqual([true, false, true]);
  });

  it('one is chosen by a prompt that says nothing, and named after its folder', async () => {
    const results = await generated([{ prompt: PROMPT }, { prompt: PROMPT, adapter: 'adapter' }], '--adapter', ADAPTER);
    const [first, second] = results.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([first.adapter, second.tokens]).toEqual(['adapter', first.tokens]);
  });

  it.each<[string, object, string[], RegExp]>([
    [
      'no choice among two',
      {},
      ['--adapter', `a=${ADAPTER}`, '--adapter', `b=${ADAPTER}`],
      /line 1: adapter: .*a, b.*ConflictError/,
    ],
    [
      'an unknown name',
      { adapter: 'addapter' },
      ['--adapter', ADAPTER],
      /line 1: adapter: .*did you mean adapter\?.*OptionError/,
    ],
    ['a name where there is no adapter', { adapter: 'x' }, [], /line 1: adapter: expected no adapter.*OptionError/],
    ['a number for a name', { adapter: 3 }, ['--adapter', ADAPTER], /line 1: adapter: .*got 3.*FormatError/],
    [
      'a merge of two',
      { adapter: 'a' },
      ['--adapter', `a=${ADAPTER}`, '--adapter', `b=${ADAPTER}`, '--merge'],
      /--merge: .*ConflictError/,
    ],
    [
      'the base of a merged adapter',
      { adapter: null },
      ['--adapter', ADAPTER, '--merge'],
      /line 1: adapter: .*merged.*ConflictError/,
    ],
    ['an adapter called none', {}, ['--adapter', `none=${ADAPTER}`], /--adapter: .*other than none.*OptionError/],
  ])('%s: refused by name', async (_, line, args, message) => {
    const { code, stdout, stderr } = await generated([{ prompt: PROMPT, ...line }], ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('--batch', () => {
  const adapters = ['--adapter', `one=${ADAPTER}`, '--adapter', `two=${ADAPTER}`, '--temperature', '1', '--seed', '3'];
  const lines = ['def f', PROMPT, 'x = ', PROMPT].map((prompt, i) => ({
    prompt,
    adapter: ['one', null, 'two'][i % 3],
  }));
  const tokensOf = ({ stdout }: { stdout: string }): unknown[] =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ tokens, adapter }) => ({ tokens, adapter }));

  it.each(['1', '3', '9'])('of %s gives each prompt the tokens that it has alone', async (size) => {
    const alone = tokensOf(await generated(lines, ...adapters));
    expect(tokensOf(await generated(lines, ...adapters, '--batch', size))).toEqual(alone);
  });

  it('prints texts for people when all are done', async () => {
    writeFileSync(file, `${JSON.stringify({ prompt: PROMPT })}\n`);
    const args = ['generate', '--model', BASE, '--adapter', ADAPTER, '--prompts', file, '--max-new-tokens', '9'];
    const streamed = await commandLine(...args);
    expect((await commandLine(...args, '--batch', '2')).stdout).toBe(streamed.stdout);
  });

  it('of none is refused', async () => {
    const { code, stderr } = await generated(lines, ...adapters, '--batch', '0');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--batch: .*OptionError/)]);
  });
});

describe('--context', () => {
  const run = (...args: string[]) =>
    commandLine(...['generate', '--model', BASE, '--tokens', '5,6,7', '--max-new-tokens', '9', '--json', ...args]);

  it('bounds prompt and text', async () => {
    const { stdout } = await run('--context', '8');
    expect(JSON.parse(stdout)).toMatchObject({ stop: 'context limit', tokens: { length: 5 } });
  });

  it('is at most the number of positions that a model has learned', async () => {
    const learned = ['generate', '--model', 'fixtures/goldens/gpt2-old-file/base', '--tokens', '5,6,7'];
    const { code, stdout, stderr } = await commandLine(...learned, '--context', '41');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error: context length: expected at most 40');
  });
});
