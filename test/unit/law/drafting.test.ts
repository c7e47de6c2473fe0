/** Drafts of a problem: what is drawn does not depend on the order in which the problem lists its nodes. */
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../../src/chance/enumerate.ts';
import { proposal, ranking } from '../../../src/law/drafting.ts';
import { roundLaw } from '../../../src/law/enumeration.ts';
import { EXACT } from '../../../src/law/numbers.ts';
import { type ProblemInput, problemFrom } from '../../../src/law/problem-input.ts';
import { schemeFor } from '../../../src/law/scheme.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { ruleNamed } from '../../../src/verify/rules.ts';

const laws: ProblemInput = {
  vocabulary: 3,
  target: { default: ['1/2', '1/3', '1/6'], after: { '0': ['1/4', '1/4', '1/2'] } },
  draft: { default: ['1/6', '1/2', '1/3'], after: { '1': ['1/2', '1/2', '0'] } },
};
const byLevel = (drawn: ProblemInput['drawn']) =>
  problemFrom({ ...laws, shape: { parents: [-1, -1, 0, 0, 1] }, drawn });
/** The same tree: the first child with its children, then the second with its child. */
const depthFirst = (drawn: ProblemInput['drawn']) =>
  problemFrom({ ...laws, shape: { parents: [-1, 0, 0, -1, 3] }, drawn });

const draftsOf = (problem: ReturnType<typeof problemFrom>) => {
  const draw = proposal(problem, rational, EXACT.lift);
  return [...enumerate(rational, draw)].map(({ outcome: { tokens, parents, laws }, probability }) => ({
    tokens,
    parents,
    laws,
    probability: probability.toFraction(),
  }));
};

/** Nodes of the order above in the order of levels. */
const LEVELS = [0, 3, 1, 2, 4];

describe('the ranking of a law', () => {
  it('puts the most likely token first and the lower of two alike, and leaves out the impossible', () => {
    const { draft } = problemFrom({
      ...laws,
      draft: { default: ['1/4', '0', '1/4', '1/2'] },
      vocabulary: 4,
      target: { default: ['1', '0', '0', '0'] },
    });
    expect(ranking(draft([]))).toEqual([3, 0, 2]);
  });
});

describe('a tree listed depth first', () => {
  it('is drafted as it is listed, with the tokens and the laws of its nodes', () => {
    const listed = draftsOf(depthFirst('independent'));
    expect(listed.length).toBeGreaterThan(50);
    const levels = draftsOf(byLevel('independent'));
    for (const [i, { tokens, parents, laws, probability }] of listed.entries()) {
      expect(parents).toEqual([-1, 0, 0, -1, 3]);
      const same = levels[i]!;
      expect(LEVELS.map((node) => tokens[node])).toEqual(same.tokens);
      expect(LEVELS.map((node) => laws[node])).toEqual(same.laws);
      expect(probability).toBe(same.probability);
    }
  });

  it('keeps that order when a child is missing', () => {
    const certain = { ...laws, draft: { default: ['1/6', '1/2', '1/3'], after: { '1': ['1', '0', '0'] } } };
    const problem = problemFrom({ ...certain, shape: { parents: [-1, 0, 0, -1, 3] }, drawn: 'top' });
    expect(draftsOf(problem).map(({ tokens, parents }) => ({ tokens, parents }))).toEqual([
      { tokens: [1, 0, 2, 1], parents: [-1, 0, -1, 2] },
    ]);
  });

  it.each<[string, ProblemInput['drawn']]>([
    ['specinfer', 'independent'],
    ['recursive', 'without-replacement'],
    ['match', 'top'],
  ])('has the law of the same tree by level: %s, %s', (name, drawn) => {
    const rule = ruleNamed(name);
    const [one, other] = [depthFirst(drawn), byLevel(drawn)].map((problem) =>
      roundLaw(schemeFor(problem, rule, EXACT), rational),
    );
    const shown = (blocks: typeof one) => [...blocks!.blocks].map(([key, mass]) => `${key}: ${mass.toFraction()}`);
    expect(shown(one).sort()).toEqual(shown(other).sort());
  });
});
