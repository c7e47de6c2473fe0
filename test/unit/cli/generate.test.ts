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

describe('generate --compare agrees', () => {
  const drafts = [
    ['--draft', 'turbo'],
    ['--draft', 'turbo', '--draft-tokens', '2'],
    ['--draft', 'turbo', '--draft-tree', '2,2,1'],
    ['--draft', 'turbo', '--draft-sample'],
    ['--draft', 'lookup'],
    ['--draft', `model:${BASE}`, '--draft-tokens', '3'],
    ['--draft', `model:${BASE}`, '--draft-sample'],
  ];
  const hot = ['--temperature', '1', '--top-k', '40', '--repetition-penalty', '1.1', '--seed', '5'];
  for (const draft of drafts) {
    const rules = draft.includes('--draft-tree') ? ['greedy', 'match'] : ['greedy', 'rejection', 'match'];
    for (const verify of rules) {
      it(`${draft.join(' ')} --verify ${verify} at temperature 0`, () => agrees(...draft, '--verify', verify));
    }
    it(`${draft.join(' ')} --verify match at temperature 1`, () => agrees(...draft, '--verify', 'match', ...hot));
  }

  const sampledTree = ['--draft-tree', '3,2', '--draft-sample'];
  const byRule: [string, string[]][] = [
    ['block', ['--draft-sample']],
    ['gumbel', ['--draft-sample']],
    ['specinfer', sampledTree],
    ['recursive', sampledTree],
    ['eagle', ['--draft-tree', '3,2']],
    ['k-seq', sampledTree],
    ['optimal-transport', sampledTree],
    ['traversal', sampledTree],
    ['typical', ['--draft-tree', '3,2']],
    ['lenience', ['--draft-sample']],
  ];
  for (const [verify, draft] of byRule) {
    it(`--verify ${verify} ${draft.join(' ')} at temperature 0`, () => agrees(...draft, '--verify', verify));
  }
  for (const draft of [['--draft-sample'], sampledTree, ['--draft', `model:${BASE}`, ...sampledTree]]) {
    it(`--verify gumbel ${draft.join(' ')} at temperature 1`, () => agrees(...draft, '--verify', 'gumbel', ...hot));
  }

  async function agrees(...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await commandLine(
      'generate',
      ...MODEL,
      '--prompt',
      SECOND,
      '--compare',
      '--json',
      '--max-new-tokens',
      '24',
      ...args,
    );
    expect(stderr).toBe('');
    const result = JSON.parse(stdout);
    expect(result.agree).toBe(true);
    expect(result.speculative.tokens).toEqual(result.plain.tokens);
    expect(result.plain.target_forwards).toBe(result.plain.tokens.length);
    expect(code).toBe(0);
  }
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

describe('generate --compare', () => {
  it('says so and exits 1 when the runs differ: rejection draws another text of the same law', async () => {
    const args = [
      'generate',
      ...MODEL,
      '--tokens',
      '5,6,7',
      '--compare',
      '--verify',
      'rejection',
      '--temperature',
      '3',
      '--seed',
      '1',
    ];
    const { code, stdout } = await commandLine(...args);
    expect(stdout).toContain('Different tokens for 1 of 1 prompts.');
    expect(code).toBe(1);
  });

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

  it('shows texts, counts and the verdict for people', async () => {
    const { stdout } = await commandLine('compare', '--prompt', FIRST);
    expect(stdout).toContain('tokens/forward');
    expect(stdout).toContain('The same tokens from both, for every prompt.');
  });
});
