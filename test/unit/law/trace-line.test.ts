import { describe, expect, it } from 'vitest';
import { FormatError, LawError } from '../../../src/errors.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { roundFrom } from '../../../src/law/rounds.ts';
import { tracedRoundFrom } from '../../../src/law/trace-line.ts';

const coin = { tokens: [0, 1], probabilities: [0.5, 0.5] };
const biased = { tokens: [0, 1], probabilities: [0.75, 0.25] };
const line = {
  ...{
    prompt: 0,
    run: 'generate',
    round: 3,
    fed: [7],
    drafted: [0, 1],
    parents: [-1, 0],
    accepted: 1,
    emitted: [0, 0],
    stop: null,
  },
  draws: [{ purpose: 'target', position: 9, uniform: 0.25 }],
  target_laws: [
    { node: -1, ...coin },
    { node: 0, ...biased },
  ],
  draft_laws: ['point', coin],
};

describe('a line of a trace', () => {
  it('is a round of a problem as it is', () => {
    const problem = problemFrom({ vocabulary: 2, target: ['1/2', '1/2'], draft: ['1/2', '1/2'], shape: { chain: 2 } });
    const { drafted, accepted, emitted } = roundFrom(line, problem);
    expect({ drafted, accepted, emitted }).toEqual({ drafted: [0, 1], accepted: 1, emitted: [0, 0] });
    expect(() => roundFrom({ ...line, emitted: [0], stop: 'eos' }, problem)).toThrow(/a complete round/);
    expect(() => roundFrom({ ...line, other: 1 }, problem)).toThrow(FormatError);
  });

  it('brings the law before each emitted token', () => {
    const { targetLaws, draftLaws } = tracedRoundFrom(line);
    expect(targetLaws).toEqual([coin, biased]);
    expect(draftLaws).toEqual(['point', coin]);
  });

  it('finds the law of a prefix that twins spell, at whichever of them was read', () => {
    const twins = { drafted: [0, 0], parents: [-1, -1], accepted: 1, emitted: [0, 1] };
    const laws = [
      { node: -1, ...coin },
      { node: 1, ...biased },
    ];
    expect(tracedRoundFrom({ ...twins, target_laws: laws }).targetLaws).toEqual([coin, biased]);
  });

  it('may end with its text: no token after the accepted ones', () => {
    expect(tracedRoundFrom({ ...line, emitted: [0], stop: 'eos' }).targetLaws).toEqual([coin]);
    expect(() => tracedRoundFrom({ ...line, emitted: [0] })).toThrow(/1 accepted tokens and one more/);
  });

  it('divides a law by a sum that rounding has moved', () => {
    const rounded = { node: -1, tokens: [0, 1], probabilities: [0.5, 0.501] };
    const [law] = tracedRoundFrom({ accepted: 0, emitted: [0], target_laws: [rounded] }).targetLaws;
    expect(law!.probabilities[0]! + law!.probabilities[1]!).toBeCloseTo(1, 15);
  });

  it.each<[string, object, typeof FormatError | typeof LawError]>([
    ['no laws', { target_laws: undefined }, FormatError],
    ['no law before an emitted token', { target_laws: [{ node: -1, ...coin }] }, FormatError],
    ['a law of another length', { target_laws: [{ node: -1, tokens: [0], probabilities: [0.5, 0.5] }] }, LawError],
    ['a law that sums to half', { target_laws: [{ node: -1, tokens: [0], probabilities: [0.5] }] }, LawError],
    ['tokens that fall', { target_laws: [{ node: -1, tokens: [1, 0], probabilities: [0.5, 0.5] }] }, LawError],
    ['draft laws for some', { draft_laws: ['point'] }, FormatError],
    ['an unknown key', { more: 1 }, FormatError],
    ['a count', { times: 3 }, FormatError],
    ['an emitted token that nobody drafted', { emitted: [1, 0] }, FormatError],
    ['parents for some', { parents: [-1] }, FormatError],
  ])('is refused with %s', (_, more, error) => {
    expect(() => tracedRoundFrom({ ...line, ...more })).toThrow(error);
  });
});
