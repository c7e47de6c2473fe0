import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/law/faults/faults.ts';
import { RULES } from '../../../src/verify/rules.ts';
import { commandLine } from '../../support/command-line.ts';

const LAWS = ['--target', '1/2 3/10 1/5', '--draft', '0.2 0.3 0.5'];
const law = async (...args: string[]) => {
  const result = await commandLine('law', ...args, '--json');
  return { ...result, json: result.stdout === '' ? null : JSON.parse(result.stdout) };
};

describe('law', () => {
  it('of rejection is the target’s, as fractions, with a certificate', async () => {
    const { code, json } = await law('--rule', 'rejection', ...LAWS);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      emitted: { 0: '1/2', 1: '3/10', 2: '1/5' },
      target: { 0: '1/2', 1: '3/10', 2: '1/5' },
      total_variation: '0',
      text_variation: '0',
      lossless: true,
      expected_accepted: '7/10',
    });
    expect(json.certificate.identities[0]).toEqual({ after: [], token: 0, left: '1/2', right: '1/2' });
  });

  it.each([
    ['resample-from-target', { 0: '7/20', 1: '39/100', 2: '13/50' }],
    ['greedy-draft', { 0: '3/5', 1: '0', 2: '2/5' }],
    ['raw-draft-law', { 0: '3/8', 1: '3/8', 2: '1/4' }],
  ])('with fault %s: exit 1 and its exact law', async (fault, emitted) => {
    const { code, json } = await law('--rule', 'rejection', ...LAWS, '--fault', fault);
    expect(code).toBe(1);
    expect(json.emitted).toEqual(emitted);
    expect(json.lossless).toBe(false);
    expect(json.certificate.violated.after).toEqual([]);
  });

  it('with the residual through a softmax: fractions, (.321, .390, .290) to three digits', async () => {
    const { code, json } = await law('--rule', 'rejection', ...LAWS, '--fault', 'residual-softmax');
    expect(code).toBe(1);
    const values = Object.values(json.emitted as Record<string, string>).map((text) => {
      const [n, d] = text.split('/').map(Number);
      return (n! / d!).toFixed(3);
    });
    expect(values).toEqual(['0.321', '0.390', '0.290']);
  });

  it('shared noise shows where two tokens have a residual, and hides where one has', async () => {
    const four = ['--target', '.4 .3 .2 .1', '--draft', '.1 .2 .3 .4'].map((text) =>
      text.replaceAll(' .', ' 0.').replace(/^\./, '0.'),
    );
    const { code, json } = await law('--rule', 'rejection', ...four, '--fault', 'shared-noise');
    expect([code, json.emitted]).toEqual([1, { 0: '13/30', 1: '4/15', 2: '1/5', 3: '1/10' }]);
    const hidden = await law('--rule', 'rejection', ...LAWS, '--fault', 'shared-noise');
    expect([hidden.code, hidden.json.lossless]).toEqual([0, true]);
  });

  it('a lossy rule tells its distance and claims nothing; greedy is held to its text', async () => {
    const lossy = await law('--rule', 'typical', ...LAWS);
    expect([lossy.code, lossy.json.claim, lossy.json.lossless]).toEqual([0, 'no', false]);
    expect(lossy.json.total_variation).toBe('3/10');
    const greedy = await law('--rule', 'greedy', ...LAWS, '--draft-tokens', '2');
    expect([greedy.code, greedy.json.claim, greedy.json.lossless]).toEqual([0, 'text', true]);
    expect(greedy.json.target).toEqual({ 0: '1', 1: '0', 2: '0' });
  });

  it('reads problems from files, trees too', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'law-')), 'problem.json');
    const siblings = {
      vocabulary: 3,
      target: ['1/2', '3/10', '1/5'],
      draft: ['1/5', '3/10', '1/2'],
      shape: { children: [2] },
    };
    writeFileSync(file, JSON.stringify({ ...siblings, drawn: 'without-replacement' }));
    expect((await law('--rule', 'recursive', '--problem', file)).json.lossless).toBe(true);
    const chainsOnly = await law('--rule', 'rejection', '--problem', file);
    expect([chainsOnly.code, chainsOnly.stderr]).toEqual([2, expect.stringMatching(/UnsupportedError/)]);
    const otherSiblings = await law('--rule', 'specinfer', '--problem', file);
    expect([otherSiblings.code, otherSiblings.stderr]).toEqual([2, expect.stringMatching(/siblings/)]);
  });

  it.each<[string, string[], RegExp]>([
    [
      'a sum that is not one',
      ['--rule', 'match', '--target', '1/2 9/20', '--draft', '1/2 1/2'],
      /1\/20 too little.*LawError/,
    ],
    ['unequal lengths', ['--rule', 'match', '--target', '1/2 1/2', '--draft', '1'], /draft distribution.*LawError/],
    ['an unknown rule', ['--rule', 'luck', ...LAWS], /one of .*rejection.*luck.*OptionError/],
    ['an unknown fault', ['--rule', 'match', ...LAWS, '--fault', 'luck'], /one of .*OptionError/],
    [
      'a fault of another rule',
      ['--rule', 'match', ...LAWS, '--fault', 'double-ratio'],
      /rule rejection.*UnsupportedError/,
    ],
    ['no draft law', ['--rule', 'match', '--target', '1'], /--draft.*OptionError/],
    ['a missing file', ['--rule', 'match', '--problem', 'nowhere.json'], /MissingFileError/],
    ['a file and laws', ['--rule', 'match', '--problem', 'x.json', ...LAWS], /ConflictError/],
    [
      'too many drafts',
      ['--rule', 'match', ...LAWS, '--draft-tokens', '40'],
      /fewer drafted tokens than 40.*WorkLimitError/,
    ],
    ['half a token', ['--rule', 'match', ...LAWS, '--draft-tokens', '0.5'], /OptionError/],
    ['no number', ['--rule', 'match', '--target', 'a b', '--draft', '1/2 1/2'], /"a".*FormatError/],
  ])('%s: exit 2 and a named error', async (_, args, message) => {
    const { code, stdout, stderr } = await commandLine('law', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('tables', () => {
  it('fit 100 columns', async () => {
    const runs = [['law', '--rule', 'rejection', ...LAWS, '--fault', 'residual-softmax'], ['rules'], ['faults']];
    for (const args of runs) {
      const { stdout } = await commandLine(...args);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  it('`rules` and `faults` list all there are', async () => {
    const rules = JSON.parse((await commandLine('rules', '--json')).stdout) as { name: string; guarantee: string }[];
    expect(rules.map(({ name }) => name)).toEqual([...RULES.keys()]);
    const faults = JSON.parse((await commandLine('faults', '--json')).stdout) as {
      name: string;
      references: unknown[];
    }[];
    expect(faults.map(({ name }) => name)).toEqual([...FAULTS.keys()]);
    expect(faults.every(({ references }) => references.length > 0)).toBe(true);
  });
});
