import { describe, expect, it } from 'vitest';
import { FormatError, LawError, WorkLimitError } from '../../../src/errors.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { parentsOfFullTree } from '../../../src/law/shape.ts';

const half = ['1/2', '1/2'];
const problem = (more: Record<string, unknown>) => () =>
  problemFrom({ vocabulary: 2, target: half, draft: half, ...more });

describe('a problem', () => {
  it('has laws by prefix, with a default', () => {
    const laws = { default: half, after: { '': [1, 0], '0 1': ['1/3', '2/3'] } };
    const { target } = problemFrom({ vocabulary: 2, target: laws, draft: half });
    expect([[], [0], [0, 1]].map((prefix) => target(prefix)[0]!.toFraction())).toEqual(['1', '1/2', '1/3']);
  });

  it('names the prefix that has no law', () => {
    const { target } = problemFrom({ vocabulary: 2, target: { after: { '': half } }, draft: half });
    expect(() => target([1])).toThrow(
      'target distribution after [1]: expected a distribution or a default, got neither',
    );
  });

  it('has a shape: a chain, children per depth, parents', () => {
    expect(problem({ shape: { chain: 3 } })().parents).toEqual([-1, 0, 1]);
    expect(problem({ shape: { children: [2, 1] } })().parents).toEqual([-1, -1, 0, 1]);
    expect(problem({ shape: { parents: [-1, 0, 0] } })().parents).toEqual([-1, 0, 0]);
    expect(problem({})()).toMatchObject({ parents: [-1], drawn: 'independent' });
    expect(() => parentsOfFullTree([64, 65])).toThrow(/at most 4096/);
  });
});

describe('wrong problems get named errors', () => {
  it.each<[string, Record<string, unknown>, string, RegExp | string]>([
    [
      'too little',
      { target: ['1/2', '9/20'] },
      'LawError',
      'target distribution: expected probabilities that sum to 1, got 19/20, 1/20 too little',
    ],
    [
      'too much',
      { draft: ['1/2', '2/3'] },
      'LawError',
      'draft distribution: expected probabilities that sum to 1, got 7/6, 1/6 too much',
    ],
    ['too much by 1e-30', { draft: ['1/2', `0.5${'0'.repeat(29)}1`] }, 'LawError', /too much/],
    [
      'negative',
      { target: ['3/2', '-1/2'] },
      'LawError',
      'target distribution, token 1: expected a probability of at least 0, got -1/2',
    ],
    [
      'wrong length',
      { target: ['1/2', '1/4', '1/4'] },
      'LawError',
      'target distribution: expected 2 probabilities, got 3',
    ],
    [
      'wrong at a prefix',
      { target: { default: half, after: { '1 0': ['1', '1'] } } },
      'LawError',
      /target distribution after \[1 0\]/,
    ],
    ['no number', { target: ['1/2', 'half'] }, 'FormatError', /token 1.*"half"/],
    ['token outside', { target: { default: half, after: { 2: half } } }, 'TokenError', /after \[2\]/],
    ['key that is not a prefix', { target: { default: half, after: { 'a b': half } } }, 'FormatError', /target/],
    ['unknown key', { colour: 1 }, 'FormatError', /colour/],
    ['unknown kind of siblings', { drawn: 'often' }, 'FormatError', /drawn/],
    ['two shapes', { shape: { chain: 1, children: [1] } }, 'FormatError', /shape/],
    ['child before parent', { shape: { parents: [0, -1] } }, 'ShapeError', /node 0/],
    ['no vocabulary', { vocabulary: 0 }, 'FormatError', /vocabulary/],
  ])('%s', (_, more, name, message) => {
    expect(problem(more)).toThrow(message);
    expect(problem(more)).toThrow(expect.objectContaining({ name }));
  });

  it.each([null, [], 'problem', 3, {}])('%j is not a problem', (value) => {
    expect(() => problemFrom(value)).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });
});

describe('laws of rounded numbers', () => {
  const thirds = { vocabulary: 3, target: [0.333333, 0.333333, 0.333333], draft: ['1/2', '1/4', '1/4'] };

  it('are refused, with a hint', () => {
    expect(() => problemFrom(thirds)).toThrow(
      'target distribution: expected probabilities that sum to 1, got 999999/1000000, 1/1000000 too little (rounded numbers? normalize divides them by their sum)',
    );
    expect(() => problemFrom({ ...thirds, target: ['1/3', '1/3', '1/4'] })).toThrow(/too little$/);
  });

  it('are divided by their sum, exactly, when asked; the problem says by how much it was off', () => {
    const { target, draft, normalized } = problemFrom(thirds, 'problem', { normalize: true });
    expect(target([]).map((p) => p.toFraction())).toEqual(['1/3', '1/3', '1/3']);
    expect(draft([]).map((p) => p.toFraction())).toEqual(['1/2', '1/4', '1/4']);
    expect(normalized!.map(({ law, excess }) => [law, excess.toFraction()])).toEqual([
      ['target distribution', '-1/1000000'],
    ]);
  });

  it('but not when they are off by more than rounding, or negative', () => {
    const wrong = (target: (string | number)[]) => () => problemFrom({ ...thirds, target }, 'p', { normalize: true });
    expect(wrong([0.4, 0.4, 0.3])).toThrow(LawError);
    expect(wrong([0.6, 0.6, -0.2])).toThrow(/token 2.*at least 0/);
  });

  it('leave no mark where the sum is one', () => {
    const whole = problemFrom({ ...thirds, target: ['1/3', '1/3', '1/3'] }, 'problem', { normalize: true });
    expect('normalized' in whole).toBe(false);
  });
});

describe('numbers that would be guessed at', () => {
  it.each(['0x10', ' 1', '1 ', '1e-4000', '1_000', '+1', '1/0', 'Infinity', '', '.', '1e', '--1', '１'])(
    '%j',
    (text) => {
      expect(() => problemFrom({ vocabulary: 1, target: [text], draft: [1] })).toThrow(FormatError);
    },
  );

  it('and those with thousands of digits, at once', () => {
    const start = performance.now();
    const long = `1/${'7'.repeat(20_000)}`;
    expect(() => problemFrom({ vocabulary: 1, target: [long], draft: [1] })).toThrow(/at most 5000 digits/);
    const many = Array.from({ length: 60 }, (_, i) => `1/${'7'.repeat(3000 + i)}`);
    expect(() => problemFrom({ vocabulary: 60, target: many, draft: many })).toThrow(WorkLimitError);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('float64 laws of any size of numbers are read: what counts is the longest decimal', () => {
    const weights = Array.from({ length: 3000 }, (_, i) => 2 ** -(i % 60));
    const total = weights.reduce((a, b) => a + b);
    const target = weights.map((weight) => weight / total);
    expect(problemFrom({ vocabulary: 3000, target, draft: target }, 'p', { normalize: true }).vocabulary).toBe(3000);
  });
});
