import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../../../src/language-model/language-model.ts';
import { load } from '../../../../src/language-model/load.ts';
import { FAULTS } from '../../../../src/law/faults/faults.ts';
import { keyOf } from '../../../../src/law/prefix.ts';
import { type ProblemInput, problemFrom } from '../../../../src/law/problem-input.ts';
import { exactLaw } from '../../../../src/law/whole-text.ts';
import { nearestNumber } from '../../../../src/numerics/nearest-number.ts';
import { type RealizeOptions, realize } from '../../../../src/oracle/checkpoints/realize.ts';
import { createSampler } from '../../../../src/sampling/sampler.ts';
import { checkSettings } from '../../../../src/sampling/settings.ts';
import { FOR_HEADS, folderOf } from '../../../support/realized-problems.ts';

/** Laws that differ after every first token, one of them with a zero, and a draft token that is never the target's. */
const BY_PREFIX: ProblemInput = {
  vocabulary: 4,
  target: {
    default: ['1/2', '3/10', '1/5', '0'],
    after: { 0: ['1/6', '1/6', '2/3', '0'], 1: ['1/4', '3/4', '0', '0'], '2 1': ['0.9', '0.09', '0.01', '0'] },
  },
  draft: { default: ['1/5', '3/10', '1/4', '1/4'], after: { 0: ['2/3', '1/6', '1/6', '0'] } },
  shape: { chain: 2 },
};
const sampler = createSampler(checkSettings({ temperature: 1 }, 16), 16);

/** The law after each prefix of an exact problem, by loading the folder and reading the prefix as any user would. */
async function differences(
  model: LanguageModel,
  prompt: readonly number[],
  after: Record<string, (string | number)[]>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [key, law] of Object.entries(after)) {
    const tokens = [...prompt, ...(key === '' ? [] : key.split(' ').map(Number))];
    const { logits } = await model.logits(tokens);
    const found = exactLaw(sampler.law(logits.at(-1)!, { tokens, promptLength: prompt.length }));
    if (found.map((mass) => mass.toFraction()).join() !== law.join()) wrong.push(key);
  }
  return wrong;
}

const afterOf = (input: ProblemInput, part: 'target' | 'draft') =>
  (input[part] as { after: Record<string, (string | number)[]> }).after;

describe.each<[string, ProblemInput, RealizeOptions, number]>([
  ['in bfloat16', BY_PREFIX, {}, 1e-6],
  ['in float32, from another seed', BY_PREFIX, { dtype: 'float32', seed: 4_294_967_295 }, 1e-12],
  ['with heads', FOR_HEADS, {}, 1e-6],
])('a problem %s', (_, input, options, bound) => {
  const problem = problemFrom(input);
  const realized = realize(problem, options);
  const { realization } = realized;
  const exact = realized.problems.get('draft')!;

  it('has the written laws after every prefix, to the last bit', async () => {
    for (const part of ['target', 'draft'] as const) {
      const model = await load(folderOf(realized, part));
      expect(model.warnings).toEqual([]);
      expect(await differences(model, realization.prompt.tokens, afterOf(exact, part))).toEqual([]);
    }
    expect(Object.keys(afterOf(exact, 'target'))).toHaveLength(input.vocabulary === 4 ? 21 : 13);
  });

  it('has the laws that were asked for, within the bound', () => {
    const read = problemFrom(JSON.parse(new TextDecoder().decode(realized.files.get('draft.problem.json'))));
    const prefixes = [[], [0], [1], [2], [0, 1], [2, 1], [2, 2]];
    for (const prefix of prefixes) {
      for (const part of prefix.length < 2 ? (['target', 'draft'] as const) : (['target'] as const)) {
        const there = read[part](prefix);
        expect(there).toHaveLength(16);
        for (const [token, mass] of problem[part](prefix).entries()) {
          expect(Math.abs(nearestNumber(there[token]!.sub(mass)))).toBeLessThan(bound);
        }
        expect(there.slice(input.vocabulary).every((mass) => mass.equals(0))).toBe(true);
      }
    }
    expect(realization.target.difference).toBeLessThan(bound);
    expect(realization.draft.difference).toBeLessThan(bound);
  });

  it('has a tokenizer that reads and writes its texts', async () => {
    const model = await load(folderOf(realized, 'target'));
    const text = `${realization.prompt.text}${realization.pieces.join('')}`;
    const tokens = [...realization.prompt.tokens, ...realization.pieces.map((_, token) => token)];
    expect(model.encode(text)).toEqual(tokens);
    expect(model.decode(tokens)).toBe(realization.pieces.join(''));
    expect(model.eosTokens).toEqual([realization.tokens.eos]);
  });

  it('never leaves the problem, however long the text', async () => {
    const model = await load(folderOf(realized, 'target'));
    const { tokens } = await model.complete(realization.headsPrompt.tokens, {
      maxNewTokens: 300,
      temperature: 1,
      draft: 'none',
    });
    expect(tokens).toHaveLength(300);
    expect(tokens[0]).toBe(realization.prompt.tokens[1]);
    for (const token of tokens.slice(1)) expect(token).toBeLessThan(input.vocabulary);
  });
});

describe('heads', () => {
  it('are left out where they cannot have the laws, and it says why', () => {
    const { turbo, medusa } = realize(problemFrom(BY_PREFIX)).realization;
    expect(turbo).toEqual(medusa);
    expect(turbo).toEqual({ objection: expect.stringMatching(/^draft laws 1 tokens into a round differ/) });
    const never = realize(problemFrom(FAULTS.get('coin-at-most')!.reveals)).realization;
    expect(never.turbo).toEqual({ objection: expect.stringMatching(/^token 0 is drafted, but impossible/) });
    expect(never.medusa).toMatchObject({ folder: 'medusa' });
    const none = realize(problemFrom({ ...FOR_HEADS, shape: { chain: 0 } })).realization;
    expect(none.medusa).toEqual({ objection: 'nothing is drafted' });
  });
});

describe('zeros', () => {
  it('are exact where a token is impossible after all prefixes, and 2^-64 where after some', () => {
    const { problems } = realize(problemFrom(BY_PREFIX));
    const { target } = problemFrom(problems.get('draft'));
    for (const prefix of [[], [0], [2, 1]]) expect(target(prefix)[3]!.equals(0)).toBe(true);
    const small = nearestNumber(target([1])[2]!);
    expect(Math.log2(small)).toBeCloseTo(-64 + Math.log2(3 / 4), 2);
  });
});

it('gives the same bytes for the same seed, and others for another', () => {
  const problem = problemFrom(FOR_HEADS);
  const bytes = (seed: number) => [...realize(problem, { seed }).files];
  expect(bytes(5)).toEqual(bytes(5));
  expect(bytes(5)).not.toEqual(bytes(6));
});

it('fits a larger vocabulary', async () => {
  const realized = realize(problemFrom(FOR_HEADS), { vocabulary: 320 });
  const model = await load(folderOf(realized, 'target'));
  expect(model.transformer.config.vocabularySize).toBe(320);
  expect(realized.realization.prompt.tokens).toEqual([318, 317]);
  expect(model.decode([300])).toBe('<unused300>');
});

describe('refuses', () => {
  const law = (size: number): string[] => Array.from({ length: size }, () => `1/${size}`);
  const uniform = (size: number, chain: number): ProblemInput => ({
    vocabulary: size,
    target: law(size),
    draft: law(size),
    shape: { chain },
  });

  it.each<[string, ProblemInput, object, string, RegExp]>([
    ['more prefixes than dimensions', uniform(8, 3), {}, 'WorkLimitError', /at most 384 prefixes/],
    ['more tokens than letters', uniform(63, 1), {}, 'UnsupportedError', /at most 62 tokens, got 63/],
    [
      'a vocabulary without room',
      uniform(3, 1),
      { vocabulary: 5 },
      'OptionError',
      /vocabulary: expected an integer in \[6/,
    ],
    ['a vocabulary that is no integer', uniform(3, 1), { vocabulary: 16.5 }, 'OptionError', /got 16.5/],
    ['another width', uniform(3, 1), { dtype: 'float16' }, 'OptionError', /dtype: expected one of bfloat16, float32/],
    ['a seed below zero', uniform(3, 1), { seed: -1 }, 'OptionError', /seed: expected an integer/],
    ['an unknown option', uniform(3, 1), { width: 64 }, 'OptionError', /option: expected one of dtype, seed, vocab/],
    [
      'a law that is missing',
      { ...uniform(2, 1), target: { after: { '': law(2), 0: law(2) } } },
      {},
      'LawError',
      /target distribution after \[1\]/,
    ],
  ])('%s', (_, input, options, name, message) => {
    const act = () => realize(problemFrom(input), options);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ name }));
  });

  it('nothing that a round cannot reach', () => {
    const input = { ...uniform(2, 1), target: { after: { '': ['1', '0'], 0: law(2) } }, draft: ['1', '0'] };
    expect(Object.keys(afterOf(realize(problemFrom(input)).problems.get('draft')!, 'target'))).toEqual(['0', '1', '']);
    expect(keyOf([])).toBe('');
  });
});
