/** Rules that emit a token of the target and go on where it was drafted: match, greedy, gumbel. By hand. */
import { describe, expect, it } from 'vitest';
import { sampled } from '../../../src/chance/sampled.ts';
import type { Slot } from '../../../src/chance/slot.ts';
import type { Draft } from '../../../src/draft/draft.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import { greedy } from '../../../src/verify/greedy.ts';
import { gumbel } from '../../../src/verify/gumbel.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';
import { decide } from '../../support/one-round.ts';

/** 0-2 and 1, with two children of the same token. */
const TREE: Draft<number> = {
  tokens: [0, 1, 2, 1],
  parents: [-1, -1, 0, 0],
  laws: ['point', 'point', 'point', 'point'],
};
const LAWS = [
  [0.5, 0.5, 0],
  [0.2, 0.4, 0.4],
  [1, 0, 0],
  [0, 0, 1],
  [0, 0, 1],
];

describe('match', () => {
  it('emits what it draws and follows the branch that agrees', () => {
    const deep = decide(sampleAndMatch, TREE, LAWS, [0.1, 0.9, 0.5]);
    expect(deep).toEqual({ accepted: [0, 2], token: 2, asked: ['target@7', 'target@8', 'target@9'] });
    expect(decide(sampleAndMatch, TREE, LAWS, [0.1, 0.1])).toMatchObject({ accepted: [0], token: 0 });
    expect(decide(sampleAndMatch, TREE, LAWS, [0.9, 0.5])).toMatchObject({ accepted: [1], token: 0 });
  });
});

describe('greedy', () => {
  it('takes the lowest id on ties and asks for no chance', () => {
    expect(decide(greedy, TREE, LAWS, [])).toEqual({ accepted: [0, 3], token: 2, asked: [] });
  });
});

describe('gumbel', () => {
  it('emits the winner of each race and goes on where it was drafted, every clock by its own name', () => {
    // Clocks by position and token: -ln(1 - u) = .105, .693, 2.303. Over (1/2, 1/2, 0) token 0 rings first, at .21
    // against 1.39; then over (.2, .4, .4) token 1, at .26 against .53 and 5.76; then only token 2 can.
    const clocks: Record<number, number[]> = { 7: [0.1, 0.5, 0.9], 8: [0.1, 0.1, 0.9], 9: [0.1, 0.5, 0.9] };
    const asked: string[] = [];
    const uniform = ({ purpose, position, token }: Slot): number => {
      asked.push(`${purpose}@${position}:${token}`);
      return clocks[position]![token!]!;
    };
    const round = { draft: TREE, target: (node: number) => LAWS[node + 1]!, position: 7 };
    expect(gumbel.decide(round, float64, sampled({ uniform }))).toEqual({ accepted: [0, 3], token: 2 });
    const possible = ['target@7:0', 'target@7:1', 'target@8:0', 'target@8:1', 'target@8:2', 'target@9:2'];
    expect(asked).toEqual(possible);
  });

  it('plain decoding and drafters are to draw by race too', () => {
    expect(gumbel.draws).toBe('race');
  });
});
