import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';

const BASE = 'fixtures/embedded/base';
const ADAPTER = 'fixtures/embedded/adapter';
const [FIRST, SECOND] = readFileSync('fixtures/embedded/prompts.jsonl', 'utf8')
  .split('\n')
  .slice(0, 2)
  .map((line) => (JSON.parse(line) as { prompt: string }).prompt) as [string, string];
const MODEL = ['--model', BASE, '--adapter', ADAPTER];

describe('generate --json', () => {
  it('prints the documented keys, and tokens_per_forward is tokens over target_forwards', async () => {
    const { code, stdout } = await commandLine('generate', ...MODEL, '--prompt', FIRST, '--json');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        'prompt_tokens',
        'tokens',
        'text',
        'target_forwards',
        'drafted',
        'accepted',
        'ms',
        'load_ms',
      ]),
    );
    expect(result.tokens_per_forward).toBe(result.tokens.length / result.target_forwards);
    expect(result.accepted).toBeLessThanOrEqual(result.drafted);
    expect(result.prefill_forwards + result.decode_forwards).toBe(result.target_forwards);
    expect(result.prefill_ms + result.decode_ms).toBe(result.ms);
    expect(result.tokens.length).toBeLessThanOrEqual(result.accepted + result.target_forwards);
  });

  it('prints one line per prompt of a file, in order', async () => {
    const { stdout } = await commandLine(
      'generate',
      ...MODEL,
      '--prompts',
      'fixtures/embedded/prompts.jsonl',
      '--max-new-tokens',
      '2',
      '--json',
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(5);
    const second = await commandLine('generate', ...MODEL, '--prompt', SECOND, '--max-new-tokens', '2', '--json');
    expect(lines[1].tokens).toEqual(JSON.parse(second.stdout).tokens);
  });
});

describe('generate for people', () => {
  const args = ['generate', ...MODEL, '--prompt', FIRST, '--max-new-tokens', '24'];

  it('writes the text as it comes: the same text as in one piece, then a newline', async () => {
    const { stdout, writes } = await commandLine(...args);
    const whole = JSON.parse((await commandLine(...args, '--json')).stdout);
    expect(stdout).toBe(`${whole.text}\n`);
    expect(writes.length).toBeGreaterThan(10);
  });

  it('tells load, prefill and decode apart, passes and acceptance by position', async () => {
    const { stderr } = await commandLine(...args);
    expect(stderr).toMatch(/^24 tokens, ended by max new tokens; \d\.\d\d per pass$/m);
    expect(stderr).toMatch(/^time: load \d.*, prefill .* \(\d+ tokens\), decode .* \([\d.]+ tokens\/s\)$/m);
    expect(stderr).toMatch(/^passes: 1 prefill, \d+ decode$/m);
    expect(stderr).toMatch(/^accepted: \d+ of \d+ drafted tokens; by position( \d+\/\d+){4}$/m);
  });

  it('writes token ids where there is no tokenizer', async () => {
    const model = mkdtempSync(join(tmpdir(), 'no-tokenizer-'));
    for (const file of ['config.json', 'model.safetensors']) copyFileSync(join(BASE, file), join(model, file));
    const ids = ['generate', '--model', model, '--tokens', '5,6', '--max-new-tokens', '3'];
    const { tokens } = JSON.parse((await commandLine(...ids, '--json')).stdout);
    expect((await commandLine(...ids)).stdout).toBe(`${tokens.join(',')}\n`);
  });
});

describe('generate --logprobs', () => {
  const args = ['generate', ...MODEL, '--prompt', FIRST, '--max-new-tokens', '5', '--logprobs', '3'];

  it('gives each token and the most likely ones at its position: at temperature 0 the first of them', async () => {
    const { tokens, text, logprobs } = JSON.parse((await commandLine(...args, '--json')).stdout);
    expect(logprobs.map(({ id }: { id: number }) => id)).toEqual(tokens);
    expect(logprobs.map((token: { text: string }) => token.text).join('')).toBe(text);
    for (const { id, logprob, top } of logprobs) {
      expect(top).toHaveLength(3);
      expect(top[0]).toMatchObject({ id, logprob });
      expect(top[0].logprob).toBeGreaterThanOrEqual(top[1].logprob);
    }
    const drafted = logprobs.filter((token: { drafted: boolean }) => token.drafted).length;
    expect(drafted).toBe(JSON.parse((await commandLine(...args, '--json')).stdout).accepted);
  });

  it('is a table for people', async () => {
    const { stdout } = await commandLine(...args);
    expect(stdout).toMatch(/│ +id │ token +│ +ln p │ drafted │ likeliest/);
    expect(stdout.match(/^│ +\d+ │/gm)).toHaveLength(5);
  });
});

describe('generate at temperature 1', () => {
  const hot = ['--temperature', '1', '--top-k', '8', '--seed', '3', '--max-new-tokens', '12', '--json'];
  const trees = ['specinfer', 'recursive', 'k-seq', 'optimal-transport', 'traversal', 'gumbel'];
  for (const drafter of [[], ['--draft', `model:${BASE}`]]) {
    for (const verify of trees) {
      it(`${drafter.join(' ')} siblings drawn as ${verify} takes them`, async () => {
        const tree = ['--draft-tree', '3,2', '--draft-sample', '--verify', verify];
        const { code, stdout, stderr } = await commandLine(
          ...['generate', ...MODEL, '--prompt', FIRST, ...drafter, ...tree, ...hot],
        );
        expect([code, stderr]).toEqual([0, '']);
        const result = JSON.parse(stdout);
        expect(result.drafted).toBeGreaterThan(0);
        expect(result.accepted).toBeGreaterThan(0);
      });
    }
  }
});

describe('generate --trace', () => {
  it('writes a trace from which the text can be put together, and nothing else beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trace-'));
    const file = join(folder, 'trace.jsonl');
    const { stdout } = await commandLine(
      'generate',
      ...MODEL,
      '--prompt',
      FIRST,
      '--temperature',
      '1',
      '--trace',
      file,
      '--json',
    );
    const steps = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps.flatMap((step) => step.emitted)).toEqual(JSON.parse(stdout).tokens);
    expect(steps.flatMap((step) => step.draws).every((draw) => draw.uniform >= 0 && draw.uniform < 1)).toBe(true);
    expect(readdirSync(folder)).toEqual(['trace.jsonl']);
  });
});
