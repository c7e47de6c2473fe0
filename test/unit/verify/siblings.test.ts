/** Rules that try siblings one after the other: specinfer, recursive, eagle, k-seq. By hand. */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/draft/draft.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import { eagle } from '../../../src/verify/eagle.ts';
import { kSeq, kSeqRho } from '../../../src/verify/k-seq.ts';
import { recursive } from '../../../src/verify/recursive.ts';
import { specinfer } from '../../../src/verify/specinfer.ts';
import { ALMOST_ONE, decide, star } from '../../support/one-round.ts';

const P = [0.5, 0.25, 0.25];
const END = [[0, 0, 1]];

describe('specinfer', () => {
  // q = (1/4, 1/2, 1/4). Token 1 is accepted with 1/2; then p becomes norm (1/4, 0, 0) = (1, 0, 0).
  const q = [0.25, 0.5, 0.25];

  it('tries siblings in order, each against what the ones before have left of p', () => {
    const draft = star('independent', [1, 1, 0], q);
    expect(decide(specinfer, draft, [P, ...END, ...END, ...END], [0.25, 0]).accepted).toEqual([0]);
    const third = decide(specinfer, draft, [P, ...END, ...END, ...END], [0.5, 0, ALMOST_ONE, 0]);
    expect(third).toEqual({ accepted: [2], token: 2, asked: ['accept@7', 'accept@7', 'accept@7', 'target@8'] });
  });

  it('all rejected: a draw from the last residual', () => {
    const last = decide(specinfer, star('independent', [1, 2], q), [P], [0.5, 0, ALMOST_ONE]);
    expect(last).toEqual({ accepted: [], token: 0, asked: ['accept@7', 'accept@7', 'residual@7'] });
  });
});

describe('recursive', () => {
  it('takes the rejected token out of q', () => {
    // p = (1/4, 1/4, 1/2), q = (1/2, 1/4, 1/4). 0 rejected: p = (0, 0, 1), q = (0, 1/2, 1/2). 2: 1 / (1/2) accepts.
    const draft = star('without-replacement', [0, 2], [0.5, 0.25, 0.25]);
    const laws = [[0.25, 0.25, 0.5], ...END, ...END];
    expect(decide(recursive, draft, laws, [0.5, ALMOST_ONE, 0])).toMatchObject({ accepted: [1], token: 2 });
  });

  it('a token that has all that is left of q is judged as a point', () => {
    // q = (1/2, 1/2, 0). 0 rejected: p = (0, 0, 1), q = (0, 1, 0): 1 is rejected for certain, then 2 is drawn.
    const draft = star('without-replacement', [0, 1], [0.5, 0.5, 0]);
    const verdict = decide(recursive, draft, [[0.25, 0.25, 0.5]], [0.5, 0, 0]);
    expect(verdict).toEqual({ accepted: [], token: 2, asked: ['accept@7', 'accept@7', 'residual@7'] });
  });

  it('computed siblings are points, one and all', () => {
    // 0 accepted with 1/2; then p = (0, 1/2, 1/2) and 1 accepted with 1/2; then 2 is left.
    const draft = star('top', [0, 1], 'point');
    expect(decide(recursive, draft, [P, ...END, ...END], [0.5, 0.49, 0]).accepted).toEqual([1]);
    expect(decide(recursive, draft, [P], [0.5, 0.5, 0])).toMatchObject({ accepted: [], token: 2 });
  });
});

describe('eagle', () => {
  it('accepts with p, and takes a rejected child out of p', () => {
    const draft = star('top', [0, 1], 'point');
    // 1 after 0 is rejected: p(1) = 1/4 / (1/2) = 1/2.
    expect(decide(eagle, draft, [P, ...END, ...END], [0.5, 0.49, 0])).toMatchObject({ accepted: [1], token: 2 });
    const none = decide(eagle, draft, [P], [0.5, 0.5, 0]);
    expect(none).toEqual({ accepted: [], token: 2, asked: ['accept@7', 'accept@7', 'residual@7'] });
    expect(decide(eagle, draft, [P, ...END], [0.49, 0])).toMatchObject({ accepted: [0] });
  });

  it('a second level is at the next position', () => {
    const draft: Draft<number> = { drawn: 'top', tokens: [0, 1], parents: [-1, 0], laws: ['point', 'point'] };
    const verdict = decide(eagle, draft, [P, P], [0, 0.25, 0]);
    expect(verdict).toEqual({ accepted: [0], token: 0, asked: ['accept@7', 'accept@8', 'residual@8'] });
  });
});

describe('k-seq', () => {
  const fractions = (...law: string[]) => law.map((mass) => new Fraction(mass));

  it('rho is on the safe side of the root, on a grid of 2^-12', () => {
    // p = (1, 0), q = (1/2, 1/2), k = 2: beta = min(1/2, 1/rho) = 1/2 for rho <= 2, 1 - 1/4 = 3/4 <= rho / 2 from 3/2
    // on.
    expect(kSeqRho(float64, [1, 0], [0.5, 0.5], 2)).toBe(1.5);
    expect(kSeqRho(rational, fractions('1', '0'), fractions('1/2', '1/2'), 2).toFraction()).toBe('3/2');
    // p = q = (1/2, 1/2): rho beta = 1 = 1 - (1 - 1/rho)^3 has no root above 1, so rho = 1.
    expect(kSeqRho(float64, [0.5, 0.5], [0.5, 0.5], 3)).toBe(1);
  });

  it('the least safe number of the grid, no coarser and no finer', () => {
    // p = (1, 0), q = (1/2, 1/2), k = 3: beta = 1/2 up to rho = 2, 1 - 1/8 = 7/8 <= rho / 2 from 7/4 on, a point of the
    // grid 1 + 2 n / 2^12. With q = (2/5, 3/5): 1 - 27/125 <= 2/5 rho from 1.96 = 1 + 1966.08 / 2^11 on, so n = 1967.
    expect(kSeqRho(float64, [1, 0], [0.5, 0.5], 3)).toBe(1.75);
    const rho = kSeqRho(rational, fractions('1', '0'), fractions('2/5', '3/5'), 3);
    expect(rho.toFraction()).toBe(new Fraction(2 ** 11 + 1967, 2 ** 11).toFraction());
  });

  it('accepts with p / (rho q); the residual leaves out what acceptance gives', () => {
    const draft = star('independent', [1, 0], [0.5, 0.5]);
    const laws = [[1, 0], ...END.map((law) => law.slice(1)), [0, 1]];
    // Token 1 never; token 0 with 1 / (3/2 * 1/2) > 1 for certain.
    expect(decide(kSeq, draft, laws, [0, ALMOST_ONE, 0]).accepted).toEqual([1]);
    const none = decide(kSeq, star('independent', [1, 1], [0.5, 0.5]), laws, [0, 0, ALMOST_ONE]);
    expect(none).toEqual({ accepted: [], token: 0, asked: ['accept@7', 'accept@7', 'residual@7'] });
  });

  it('laws that share no token: nothing is accepted, and the residual is p', () => {
    const apart = decide(kSeq, star('independent', [1, 1], [0, 1, 0]), [[0.5, 0, 0.5]], [0, 0, 0.75]);
    expect(apart).toMatchObject({ accepted: [], token: 2 });
  });
});
