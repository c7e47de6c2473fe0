/** Block verification, and traversal, which is the same on chains. By hand. */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { chain, type Drawn } from '../../../src/draft/draft.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { block } from '../../../src/verify/block.ts';
import { carriedMass } from '../../../src/verify/carried-mass.ts';
import { traversal } from '../../../src/verify/traversal.ts';
import { ALMOST_ONE, decide, star } from '../../support/one-round.ts';

// p = (1/2, 1/2) and q = (1/4, 3/4) at both positions; drafted: 1, 0. r = 1, 2/3, 1.
const p = [0.5, 0.5];
const q = [0.25, 0.75];
const LAWS = [p, p, p];
const P = [0.5, 0.25, 0.25];
const END = [[0, 0, 1]];

it('r_i = min(1, r_(i-1) p / q)', () => {
  const exact = (law: number[]) => law.map((mass) => new Fraction(mass));
  const draft = chain([1, 0], [exact(q), exact(q)]);
  const carried = carriedMass({ draft, target: () => exact(p), position: 0 }, rational);
  expect(carried.map((r) => r.toFraction())).toEqual(['1', '2/3', '1']);
});

describe.each([block, traversal])('$name on chains', (rule) => {
  it('a later token rescues an earlier one', () => {
    // h_2 = 1: accepted whatever the coin, where rejection would have accepted the first with 2/3 only.
    const verdict = decide(rule, chain([1, 0], [q, q]), LAWS, [ALMOST_ONE, 0.6]);
    expect(verdict).toMatchObject({ accepted: [0, 1], token: 1 });
  });

  it('h_i = M / (M + 1 - r), from the end, and the correction from max(r p - q, 0)', () => {
    // Drafted 1, 1: r = 1, 2/3, 4/9. M_1 = max(1/3 - 1/4, 0) = 1/12, h_1 = (1/12) / (1/12 + 1/3) = 1/5.
    const worse = chain([1, 1], [q, q]);
    const all = decide(rule, worse, LAWS, [0.444, 0]);
    expect(all).toEqual({ accepted: [0, 1], token: 0, asked: ['accept@8', 'target@9'] });
    const one = decide(rule, worse, LAWS, [0.445, 0.199, ALMOST_ONE]);
    expect(one).toEqual({ accepted: [0], token: 0, asked: ['accept@8', 'accept@7', 'residual@8'] });
    const none = decide(rule, worse, LAWS, [0.445, 0.201, ALMOST_ONE]);
    expect(none).toEqual({ accepted: [], token: 0, asked: ['accept@8', 'accept@7', 'residual@7'] });
  });

  it('equal laws accept everything', () => {
    expect(decide(rule, chain([1, 1], [p, p]), LAWS, [ALMOST_ONE, 0]).accepted).toEqual([0, 1]);
  });

  it('0/0 is 1: where rounding has emptied the residual of a carried mass of one, the token is accepted', () => {
    // Exactly, M = 0 at r = 1 means p = q, and then a later r is 1 too. In float64 r_2 = 1 - 2^-53 can fail all the
    // same; then M_1 = 0, h_1 = 0 / (0 + 1 - 1), and the correction comes from p.
    const rounded = [0.5, 0.5 - 2 ** -54];
    const verdict = decide(rule, chain([1, 1], [p, p]), [p, rounded, p], [ALMOST_ONE, ALMOST_ONE, 0.9]);
    expect(verdict).toEqual({ accepted: [0], token: 1, asked: ['accept@8', 'accept@7', 'residual@8'] });
  });
});

describe('traversal on trees', () => {
  it('goes on to the next sibling when a whole subtree was rejected', () => {
    // Computed children 0 and 1 of p = (1/2, 1/4, 1/4). 0 rejected at r = 1/2: M = 1/2, p = (0, 1/2, 1/2), r = 1 at the
    // root.
    const tree = star('top', [0, 1], 'point');
    const verdict = decide(traversal, tree, [P, ...END, ...END], [0.5, 0.49, 0]);
    expect(verdict).toEqual({ accepted: [1], token: 2, asked: ['accept@7', 'accept@7', 'target@8'] });
  });

  it('siblings without replacement: the next one is judged by what the rejected ones have left of q', () => {
    // p = (1/8, 3/8, 1/2), q = (1/2, 1/4, 1/4). 0 rejected at r = 1/4: M = 3/8, p = (0, 1/3, 2/3), r = 1 at the root.
    // Then q = (0, 1/2, 1/2) accepts 1 with 2/3 and leaves only token 2; an independent draw from q would always be
    // accepted.
    const laws = [[0.125, 0.375, 0.5], ...END, ...END];
    const verdict = (drawn: Drawn, coin: number) =>
      decide(traversal, star(drawn, [0, 1], [0.5, 0.25, 0.25]), laws, [0.25, coin, 0]);
    expect(verdict('without-replacement', 0.66).accepted).toEqual([1]);
    const none = verdict('without-replacement', 0.67);
    expect(none).toEqual({ accepted: [], token: 2, asked: ['accept@7', 'accept@7', 'residual@7'] });
    expect(verdict('independent', 0.67).accepted).toEqual([1]);
  });
});
