import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
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
      expect.arrayContaining(['prompt_tokens', 'tokens', 'text', 'target_forwards', 'drafted', 'accepted', 'ms']),
    );
    expect(result.tokens_per_forward).toBe(result.tokens.length / result.target_forwards);
    expect(result.accepted).toBeLessThanOrEqual(result.drafted);
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
