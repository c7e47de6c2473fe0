import { describe, expect, it } from 'vitest';
import { lettersOf, placeOf } from '../../../../src/law/audit/round-letters.ts';
import { logLetter } from '../../../../src/law/audit/round-reading.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { ruleNamed } from '../../../../src/verify/rules.ts';
import { planFor } from '../../../support/audits.ts';
import { REVEALING } from '../../../support/sampled-rounds.ts';

const revealing = problemFrom(REVEALING);

describe('the letters of a round', () => {
  it('of a tree: the draft, siblings after siblings, then the accepted token and the bonus', () => {
    const round = { drafted: [2, 1, 0], parents: [-1, -1, 0], accepted: 1, emitted: [1, 3] };
    const letters = lettersOf(round, { vocabulary: 4, depth: 2, shapes: ['-1 -1 0'] });
    expect(letters.map((letter) => [placeOf(letter), letter.letter, letter.letters])).toEqual([
      ['shape||', 0, 1],
      ['draft||', 2, 4],
      ['draft||2', 1, 4],
      ['draft|2|', 0, 4],
      ['acceptance||2 1', 2, 3],
      ['bonus|1|', 3, 4],
    ]);
  });

  it('without drafts: the accepted token or a stop, then the last token', () => {
    const round = { drafted: null, parents: null, accepted: 1, emitted: [1, 3] };
    const letters = lettersOf(round, { vocabulary: 4, depth: 2, shapes: [] });
    expect(letters.map((letter) => [placeOf(letter), letter.letter, letter.letters])).toEqual([
      ['acceptance||', 2, 5],
      ['acceptance|1|', 0, 5],
      ['correction|1|', 3, 4],
    ]);
  });

  it.each([
    ['rejection', revealing],
    ['block', revealing],
    ['specinfer', problemFrom({ ...REVEALING, shape: { parents: [-1, -1, 0] }, drawn: 'independent' })],
    ['recursive', problemFrom({ ...REVEALING, shape: { parents: [-1, -1, 0] }, drawn: 'without-replacement' })],
  ])('have, each given those before it, the probability of the round as their product: %s', (name, problem) => {
    for (const draftsKnown of [true, false]) {
      const { reading, table } = planFor(problem, ruleNamed(name), draftsKnown);
      const masses = reading.massesOf(table.laws[0]!);
      for (const [i, round] of table.rounds.entries()) {
        const probability = table.laws[0]![i]!;
        if (probability === 0) continue;
        const product = reading.read(round).reduce((sum, letter) => sum + logLetter(masses, letter), 0);
        expect(Math.exp(product)).toBeCloseTo(probability, 12);
      }
    }
  });
});
