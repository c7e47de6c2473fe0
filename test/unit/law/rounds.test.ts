import { describe, expect, it } from 'vitest';
import { FormatError, TokenError } from '../../../src/errors.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { roundFrom } from '../../../src/law/rounds.ts';

const laws = { vocabulary: 3, target: ['1/2', '1/4', '1/4'], draft: ['1/4', '1/2', '1/4'] };
const chain = problemFrom({ ...laws, shape: { chain: 2 } });
const tree = problemFrom({ ...laws, shape: { parents: [-1, -1, 0] } });

describe('a round is read', () => {
  it('of a chain', () => {
    const round = { drafted: [0, 2], accepted: 1, emitted: [0, 1] };
    expect(roundFrom(round, chain)).toEqual({ ...round, parents: [-1, 0], times: null });
  });

  it('of a tree, as the problem says or as it says itself', () => {
    const round = { drafted: [1, 1, 2], accepted: 2, emitted: [1, 2, 0] };
    expect(roundFrom(round, tree)).toEqual({ ...round, parents: [-1, -1, 0], times: null });
    const smaller = { drafted: [1, 2], parents: [-1, 0], accepted: 2, emitted: [1, 2, 0] };
    expect(roundFrom(smaller, tree)).toEqual({ ...smaller, times: null });
  });

  it('without what was drafted', () => {
    const round = { accepted: 1, emitted: [0, 1] };
    expect(roundFrom(round, chain)).toEqual({ ...round, drafted: null, parents: null, times: null });
  });

  it('as a count of identical rounds', () => {
    const round = { accepted: 1, emitted: [0, 1], times: 3_000_000_000 };
    expect(roundFrom(round, chain)).toEqual({ ...round, drafted: null, parents: null });
  });
});

describe('a round that cannot be is refused by its label', () => {
  it.each<[string, unknown, RegExp, typeof FormatError | typeof TokenError]>([
    ['no object', [0], /^line 3: expected JSON as spec\/rounds.schema.json describes/, FormatError],
    ['an unknown key', { accepted: 0, emitted: [0], speed: 1 }, /^line 3: .*speed/, FormatError],
    ['no round at all', { accepted: 0, emitted: [0], times: 0 }, /^line 3: times/, FormatError],
    ['half a round', { accepted: 0, emitted: [0], times: 0.5 }, /^line 3: times/, FormatError],
    ['no emitted tokens', { accepted: 0, emitted: [] }, /^line 3: emitted/, FormatError],
    ['a fraction of a token', { accepted: 0, emitted: [0.5] }, /^line 3: emitted: 0/, FormatError],
    [
      'an emitted token out of range',
      { accepted: 0, emitted: [3] },
      /line 3: emitted: 0: .*\[0, 3\), got 3/,
      TokenError,
    ],
    ['a drafted token out of range', { drafted: [0, 9], accepted: 0, emitted: [0] }, /drafted: 1: .*got 9/, TokenError],
    [
      'too few emitted',
      { drafted: [0, 1], accepted: 2, emitted: [0, 1] },
      /emitted: .*2 accepted tokens and one more/,
      FormatError,
    ],
    [
      'more accepted than drafted',
      { drafted: [0, 1], accepted: 3, emitted: [0, 1, 1, 1] },
      /at most the 2/,
      FormatError,
    ],
    ['more accepted than can be', { accepted: 3, emitted: [0, 1, 1, 1] }, /accepted: expected at most 2/, FormatError],
    [
      'an accepted token nobody drafted',
      { drafted: [0, 1], accepted: 1, emitted: [1, 1] },
      /emitted: 0: .*got 1/,
      FormatError,
    ],
    ['a draft that is too long', { drafted: [0, 1, 2], accepted: 0, emitted: [0] }, /2 tokens, or fewer/, FormatError],
    ['a short draft without parents', { drafted: [0], accepted: 0, emitted: [0] }, /1 tokens, 2 parents/, FormatError],
    [
      'a parent that comes later',
      { drafted: [0, 1], parents: [-1, 1], accepted: 0, emitted: [0] },
      /parents: 1/,
      FormatError,
    ],
    ['parents of nothing', { parents: [-1], accepted: 0, emitted: [0] }, /parents: expected no parents/, FormatError],
  ])('%s', (_, value, message, kind) => {
    expect(() => roundFrom(value, chain, 'line 3')).toThrow(message);
    expect(() => roundFrom(value, chain, 'line 3')).toThrow(kind);
  });
});
