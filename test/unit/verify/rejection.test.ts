/** Rejection on chains, by hand. */
import { describe, expect, it } from 'vitest';
import { chain } from '../../../src/draft/draft.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import { acceptance } from '../../../src/verify/carried-mass.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { excess, residual } from '../../../src/verify/residual.ts';
import { ALMOST_ONE, decide } from '../../support/one-round.ts';

describe('rejection', () => {
  const p = [
    [0.5, 0.5, 0],
    [0.25, 0.25, 0.5],
    [0, 0, 1],
  ];
  const q = [0.25, 0.75, 0];

  it('all accepted: the bonus is drawn from the law after the last', () => {
    const verdict = decide(rejection, chain([0, 1], [q, [0.5, 0.25, 0.25]]), p, [ALMOST_ONE, ALMOST_ONE, 0]);
    expect(verdict).toEqual({ accepted: [0, 1], token: 2, asked: ['accept@7', 'accept@8', 'target@9'] });
  });

  it('rejected at the first token: a correction from the residual, nothing after it is read', () => {
    // p / q = 2/3 at token 1; a coin of exactly 2/3 would do, so 0.7 rejects. The residual is all on token 0.
    const verdict = decide(rejection, chain([1, 1], [q, q]), p, [0.7, ALMOST_ONE]);
    expect(verdict).toEqual({ accepted: [], token: 0, asked: ['accept@7', 'residual@7'] });
  });

  it('rejected at the second token: its correction has the position of the second', () => {
    // p(1) / q(1) = 1/3; the residual (0, 0, 1/2) is all on token 2.
    const verdict = decide(rejection, chain([0, 1], [q, q]), p, [0, 0.34, 0]);
    expect(verdict).toEqual({ accepted: [0], token: 2, asked: ['accept@7', 'accept@8', 'residual@8'] });
  });

  it('a coin exactly at the ratio rejects: u * q < p is strict', () => {
    const half = [[0.25, 0.75]];
    expect(decide(rejection, chain([0], [[0.5, 0.5]]), half, [0.5, 0]).accepted).toEqual([]);
    const below = decide(rejection, chain([0], [[0.5, 0.5]]), [...half, [1, 0]], [0.5 - 2 ** -54, 0]);
    expect(below.accepted).toEqual([0]);
  });

  it('a token that the target excludes is never accepted, at u = 0 either', () => {
    expect(decide(rejection, chain([2], [[0.25, 0.25, 0.5]]), p, [0, 0])).toMatchObject({ accepted: [], token: 0 });
    expect(decide(rejection, chain<number>([2], ['point']), p, [0, 0])).toMatchObject({ accepted: [], token: 0 });
  });

  it('token id 0 is a token like others', () => {
    const verdict = decide(rejection, chain<number>([0], ['point']), p, [0.25, ALMOST_ONE]);
    expect(verdict).toMatchObject({ accepted: [0], token: 2 });
  });

  it('a residual that rounding has emptied falls back to the target', () => {
    // Exactly this cannot happen; in float64 p and q may differ by what rounding took.
    const law = [0.5, 0.5 - 2 ** -54];
    expect(decide(rejection, chain([1], [[0.5, 0.5]]), [law], [ALMOST_ONE, 0.9])).toMatchObject({ token: 1 });
  });

  it('the empty draft is plain decoding', () => {
    expect(decide(rejection, chain([], []), p, [0.6])).toEqual({ accepted: [], token: 1, asked: ['target@7'] });
  });
});

describe('what rules do with two laws', () => {
  it('residual: what p has more than q, token by token', () => {
    expect(residual(float64, [0.5, 0.25, 0.25], [0.25, 0.5, 0.25], 1)).toEqual([0.25, 0, 0]);
    expect(residual(float64, [0.5, 0.25, 0.25], 'point', 1)).toEqual([0.5, 0, 0.25]);
    expect(excess(float64, 0.5, 0.75)).toBe(0);
  });

  it('acceptance: min(1, r p / q), one where q is zero', () => {
    expect([acceptance(float64, 0.5, 0.5, 0.5), acceptance(float64, 1, 0.5, 0.25)]).toEqual([0.5, 1]);
    expect([acceptance(float64, 1, 0.5, 0), acceptance(float64, 0, 0, 0)]).toEqual([1, 1]);
  });
});
