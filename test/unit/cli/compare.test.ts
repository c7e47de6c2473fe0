import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';

const BASE = 'fixtures/embedded/base';
const ADAPTER = 'fixtures/embedded/adapter';
const MODEL = ['--model', BASE, '--adapter', ADAPTER];
const [FIRST, SECOND] = readFileSync('fixtures/embedded/prompts.jsonl', 'utf8')
  .split('\n')
  .slice(0, 2)
  .map((line) => (JSON.parse(line) as { prompt: string }).prompt) as [string, string];

describe('compare agrees', () => {
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
      ...['compare', ...MODEL, '--prompt', SECOND, '--json', '--runs', '1', '--max-new-tokens', '16', ...args],
    );
    expect(stderr).toBe('');
    const result = JSON.parse(stdout);
    expect(result.agree).toBe(true);
    expect(result.speculative.tokens).toEqual(result.plain.tokens);
    expect(result.plain.target_forwards).toBe(result.plain.tokens.length);
    expect(code).toBe(0);
  }
});

describe('compare', () => {
  const short = ['--runs', '2', '--max-new-tokens', '8'];

  it('shows texts, counts and times of the named drafter, and the verdict', async () => {
    const { code, stdout } = await commandLine('compare', '--prompt', FIRST, '--draft', 'lookup', ...short);
    expect(code).toBe(0);
    expect(stdout).toMatch(/passes +│ +lookup +│/);
    expect(stdout).not.toContain('turbo');
    expect(stdout.replaceAll('\n', ' ')).toContain('medians of 2 runs after a warm-up');
    expect(stdout).toContain('The same tokens from both, for every prompt.');
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .filter((line) => /^[│┌├└]/.test(line))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  const hot = ['--tokens', '5,6,7', '--temperature', '3', '--seed', '1', ...short];

  it.each([
    ['rejection', []],
    ['traversal', ['--draft-tree', '2,1', '--draft-sample']],
  ])('%s may write another text of the same law: it says so and exits 0', async (rule, tree) => {
    const { code, stdout } = await commandLine('compare', ...hot, '--verify', rule, ...tree);
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toContain(
      `Different tokens for 1 of 1 prompts. Rule ${rule} preserves the distribution of the text`,
    );
  });

  it('a lossy rule is called lossy; match must give the same text', async () => {
    const lossy = await commandLine('compare', ...hot, '--verify', 'typical', '--json');
    expect([lossy.code, JSON.parse(lossy.stdout).expected]).toEqual([0, 'lossy']);
    const match = JSON.parse((await commandLine('compare', ...hot, '--json')).stdout);
    expect([match.expected, match.agree, match.drafter, match.runs]).toEqual(['same', true, 'turbo', 2]);
    expect(match.speedup.least).toBeLessThanOrEqual(match.speedup.median);
    expect(match.plain.ms_per_token.median).toBeGreaterThan(0);
  });

  it('traces one run of each side', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'trace-')), 'trace.jsonl');
    const { stdout } = await commandLine('compare', '--tokens', '5,6,7', ...short, '--trace', file, '--json');
    const steps = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { plain, speculative } = JSON.parse(stdout);
    for (const [run, { tokens }] of Object.entries({ plain, speculative })) {
      expect(steps.filter((step) => step.run === run).flatMap((step) => step.emitted)).toEqual(tokens);
    }
  });
});
