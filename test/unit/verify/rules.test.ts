import { describe, expect, it } from 'vitest';
import { chain, type Draft, type DraftLaw } from '../../../src/draft/draft.ts';
import { OptionError, UnsupportedError } from '../../../src/errors.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import { type Chance, type Slot, sampled } from '../../../src/numerics/chance.ts';
import { greedy } from '../../../src/verify/greedy.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { residual } from '../../../src/verify/residual.ts';
import type { Rule } from '../../../src/verify/rule.ts';
import { checkShape, RULES, ruleNamed } from '../../../src/verify/rules.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';

const ALMOST_ONE = 1 - 2 ** -53;
/** Decides one round; each asked slot is noted, each answered with the next uniform. */
function decide(rule: Rule, draft: Draft<number>, laws: number[][], uniforms: number[]) {
  const asked: string[] = [];
  const tape = {
    uniform: ({ purpose, position }: Slot) =>
      uniforms[asked.push(`${purpose}@${position}`) - 1] ?? expect.fail('asked too often'),
  };
  const chance: Chance<number> = sampled(tape);
  const verdict = rule.decide({ draft, target: (node) => laws[node + 1]!, position: 7 }, float64, chance);
  return { ...verdict, asked };
}
const chainOf = (tokens: number[], laws: DraftLaw<number>[]) => chain(tokens, laws);

describe('rejection', () => {
  const p = [
    [0.5, 0.5, 0],
    [0.25, 0.25, 0.5],
    [0, 0, 1],
  ];
  const q = [0.25, 0.75, 0];

  it('all accepted: the bonus is drawn from the law after the last', () => {
    const verdict = decide(rejection, chainOf([0, 1], [q, [0.5, 0.25, 0.25]]), p, [ALMOST_ONE, ALMOST_ONE, 0]);
    expect(verdict).toEqual({ accepted: [0, 1], token: 2, asked: ['accept@7', 'accept@8', 'target@9'] });
  });

  it('rejected at the first token: a correction from the residual, nothing after it is looked at', () => {
    // p / q = 2/3 at token 1; a coin of exactly 2/3 would do, so 0.7 rejects. The residual is all on token 0.
    const verdict = decide(rejection, chainOf([1, 1], [q, q]), p, [0.7, ALMOST_ONE]);
    expect(verdict).toEqual({ accepted: [], token: 0, asked: ['accept@7', 'residual@7'] });
  });

  it('a coin exactly at the ratio rejects: u * q < p is strict', () => {
    const half = [[0.25, 0.75]];
    expect(decide(rejection, chainOf([0], [[0.5, 0.5]]), half, [0.5, 0]).accepted).toEqual([]);
    const below = decide(rejection, chainOf([0], [[0.5, 0.5]]), [...half, [1, 0]], [0.5 - 2 ** -54, 0]);
    expect(below.accepted).toEqual([0]);
  });

  it('a token that the target excludes is never accepted, at u = 0 either', () => {
    expect(decide(rejection, chainOf([2], [[0.25, 0.25, 0.5]]), p, [0, 0])).toMatchObject({ accepted: [], token: 0 });
    expect(decide(rejection, chainOf([2], ['point']), p, [0, 0])).toMatchObject({ accepted: [], token: 0 });
  });

  it('token id 0 is a token like others', () => {
    expect(decide(rejection, chainOf([0], ['point']), p, [0.25, ALMOST_ONE])).toMatchObject({
      accepted: [0],
      token: 2,
    });
  });

  it('a residual that rounding has emptied falls back to the target', () => {
    // Exactly this cannot happen; in float64 p and q may differ by what rounding took.
    const law = [0.5, 0.5 - 2 ** -54];
    expect(decide(rejection, chainOf([1], [[0.5, 0.5]]), [law], [ALMOST_ONE, 0.9])).toMatchObject({ token: 1 });
  });

  it('the empty draft is plain decoding', () => {
    expect(decide(rejection, chainOf([], []), p, [0.6])).toEqual({ accepted: [], token: 1, asked: ['target@7'] });
  });

  it('residual: what p has more than q, token by token', () => {
    expect(residual(float64, [0.5, 0.25, 0.25], [0.25, 0.5, 0.25], 1)).toEqual([0.25, 0, 0]);
    expect(residual(float64, [0.5, 0.25, 0.25], 'point', 1)).toEqual([0.5, 0, 0.25]);
  });
});

describe('match and greedy on trees', () => {
  /** 0-2 and 1, with two children of the same token. */
  const tree: Draft<number> = {
    tokens: [0, 1, 2, 1],
    parents: [-1, -1, 0, 0],
    laws: ['point', 'point', 'point', 'point'],
  };
  const laws = [
    [0.5, 0.5, 0],
    [0.2, 0.4, 0.4],
    [1, 0, 0],
    [0, 0, 1],
    [0, 0, 1],
  ];

  it('match emits what it draws and follows the branch that agrees', () => {
    const deep = decide(sampleAndMatch, tree, laws, [0.1, 0.9, 0.5]);
    expect(deep).toEqual({ accepted: [0, 2], token: 2, asked: ['target@7', 'target@8', 'target@9'] });
    expect(decide(sampleAndMatch, tree, laws, [0.1, 0.1])).toMatchObject({ accepted: [0], token: 0 });
    expect(decide(sampleAndMatch, tree, laws, [0.9, 0.5])).toMatchObject({ accepted: [1], token: 0 });
  });

  it('greedy takes the lowest id on ties and asks for no chance', () => {
    expect(decide(greedy, tree, laws, [])).toEqual({ accepted: [0, 3], token: 2, asked: [] });
  });
});

describe('rules by name', () => {
  it('every rule says what holds of it', () => {
    for (const [name, rule] of RULES) {
      expect(ruleNamed(name)).toBe(rule);
      expect(rule.name).toBe(name);
      expect([rule.guarantee, rule.source].every((text) => text.length > 0)).toBe(true);
    }
  });

  it('an unknown one is an error that lists the known', () => {
    expect(() => ruleNamed('luck')).toThrow(OptionError);
    expect(() => ruleNamed('luck')).toThrow(/rejection.*got luck/);
  });

  it('rules for chains refuse trees', () => {
    const tree: Draft<number> = { tokens: [1, 2], parents: [-1, -1], laws: ['point', 'point'] };
    expect(() => checkShape(rejection, tree)).toThrow(UnsupportedError);
    expect(() => checkShape(rejection, chainOf([1, 2], ['point', 'point']))).not.toThrow();
    expect(() => checkShape(sampleAndMatch, tree)).not.toThrow();
  });

  it('rules for trees refuse siblings of another kind, and such as do not say what they are', () => {
    const law = [0.5, 0.5];
    const pair: Draft<number> = { tokens: [1, 1], parents: [-1, -1], laws: [law, law] };
    const takers = (draft: Draft<number>): string[] =>
      [...RULES.values()].flatMap((rule) => {
        try {
          checkShape(rule, draft);
          return [rule.name];
        } catch (error) {
          expect(error).toBeInstanceOf(UnsupportedError);
          return [];
        }
      });
    const any = ['greedy', 'match', 'gumbel', 'typical'];
    const [independent, without, top] = (['independent', 'without-replacement', 'top'] as const).map((drawn) =>
      takers({ ...pair, drawn }).filter((name) => !any.includes(name)),
    );
    expect(independent).toEqual(['specinfer', 'k-seq', 'optimal-transport', 'traversal']);
    expect(without).toEqual(['recursive', 'traversal']);
    expect(top).toEqual(['specinfer', 'recursive', 'eagle', 'traversal']);
    expect(takers(pair)).toEqual(any);
    expect(takers({ ...pair, laws: ['point', 'point'] })).toEqual(takers({ ...pair, drawn: 'top' }));
    expect(takers(chainOf([1, 1], [law, law])).length).toBe(RULES.size);
    expect(() => checkShape(ruleNamed('k-seq'), pair)).toThrow('siblings without saying how they were drawn');
  });
});
