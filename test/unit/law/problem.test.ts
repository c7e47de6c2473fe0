import { describe, expect, it } from 'vitest';
import { dyadic, exactNumber } from '../../../src/law/exact-number.ts';
import { parentsOfFullTree, problemFrom } from '../../../src/law/problem.ts';

const half = ['1/2', '1/2'];
const problem = (more: Record<string, unknown>) => () =>
  problemFrom({ vocabulary: 2, target: half, draft: half, ...more });

describe('numbers are read exactly', () => {
  it.each([
    ['2/5', '2/5'],
    ['0.4', '2/5'],
    ['.4', '2/5'],
    ['-.25', '-1/4'],
    ['2.', '2'],
    [0.1, '1/10'],
    ['1e-30', `1/1${'0'.repeat(30)}`],
    [1e-7, '1/10000000'],
    ['2E2', '200'],
    ['6/4', '3/2'],
    ['-1/3', '-1/3'],
    ['0.1000000000000000000000000001', '1000000000000000000000000001/10000000000000000000000000000'],
  ])('%j is %s', (value, expected) => {
    expect(exactNumber('n', value).toFraction()).toBe(expected);
  });

  it.each(['', 'a', '1/0', '1/2/3', '.', '-.', '1.2.3', '1e9999', 'Infinity', '0x10', '1_000', '1 1/2', '0.(3)'])(
    '%j is refused',
    (text) => {
      expect(() => exactNumber('n', text)).toThrow(expect.objectContaining({ name: 'FormatError' }));
    },
  );

  it('float64 as the dyadic rationals that they are', () => {
    expect(dyadic(2 ** -30).toFraction()).toBe('1/1073741824');
    expect(dyadic(0.1).toFraction()).toBe('3602879701896397/36028797018963968');
    expect(dyadic(5e-324).d).toBe(2n ** 1074n);
    expect(dyadic(-3).toFraction()).toBe('-3');
    expect(() => dyadic(Number.NaN)).toThrow(/finite/);
  });
});

describe('a problem', () => {
  it('has laws by prefix, with a default', () => {
    const laws = { default: half, after: { '': [1, 0], '0 1': ['1/3', '2/3'] } };
    const { target } = problemFrom({ vocabulary: 2, target: laws, draft: half });
    expect([[], [0], [0, 1]].map((prefix) => target(prefix)[0]!.toFraction())).toEqual(['1', '1/2', '1/3']);
  });

  it('names the prefix that has no law', () => {
    const { target } = problemFrom({ vocabulary: 2, target: { after: { '': half } }, draft: half });
    expect(() => target([1])).toThrow('target law after [1]: expected a law or a default, got neither');
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
      'target law: expected probabilities that sum to 1, got 19/20, 1/20 too little',
    ],
    [
      'too much',
      { draft: ['1/2', '2/3'] },
      'LawError',
      'draft law: expected probabilities that sum to 1, got 7/6, 1/6 too much',
    ],
    ['too much by 1e-30', { draft: ['1/2', `0.5${'0'.repeat(29)}1`] }, 'LawError', /too much/],
    [
      'negative',
      { target: ['3/2', '-1/2'] },
      'LawError',
      'target law, token 1: expected a probability of at least 0, got -1/2',
    ],
    ['wrong length', { target: ['1/2', '1/4', '1/4'] }, 'LawError', 'target law: expected 2 probabilities, got 3'],
    [
      'wrong at a prefix',
      { target: { default: half, after: { '1 0': ['1', '1'] } } },
      'LawError',
      /target law after \[1 0\]/,
    ],
    ['no number', { target: ['1/2', 'half'] }, 'FormatError', /token 1.*"half"/],
    ['token outside', { target: { default: half, after: { 2: half } } }, 'TokenError', /after \[2\]/],
    ['key that is no prefix', { target: { default: half, after: { 'a b': half } } }, 'FormatError', /target/],
    ['unknown key', { colour: 1 }, 'FormatError', /colour/],
    ['unknown kind of siblings', { drawn: 'often' }, 'FormatError', /drawn/],
    ['two shapes', { shape: { chain: 1, children: [1] } }, 'FormatError', /shape/],
    ['child before parent', { shape: { parents: [0, -1] } }, 'ShapeError', /node 0/],
    ['no vocabulary', { vocabulary: 0 }, 'FormatError', /vocabulary/],
  ])('%s', (_, more, name, message) => {
    expect(problem(more)).toThrow(message);
    expect(problem(more)).toThrow(expect.objectContaining({ name }));
  });

  it.each([null, [], 'problem', 3, {}])('%j is no problem', (value) => {
    expect(() => problemFrom(value)).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });
});
