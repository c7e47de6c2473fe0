/** Optimal transport: drafted sets, the bound, the plan, verdicts. By hand. */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { LawError, UnsupportedError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import {
  checkTransportSize,
  draftedSets,
  optimalAcceptance,
  optimalTransport,
} from '../../../src/verify/optimal-transport.ts';
import { largestFlow } from '../../../src/verify/transport-flow.ts';
import { ALMOST_ONE, decide, star } from '../../support/one-round.ts';

const HALVES = [0.5, 0.5];

describe('drafted sets', () => {
  it('every set that n draws can yield, with its probability', () => {
    expect(draftedSets(float64, [0.5, 0, 0.5], 2)).toEqual([
      { tokens: [0], probability: 0.25 },
      { tokens: [2], probability: 0.25 },
      { tokens: [0, 2], probability: 0.5 },
    ]);
  });

  it('three draws from three tokens: 1/64, 9/64 or 18/64, 1/8 by counting words', () => {
    const q = ['1/2', '1/4', '1/4'].map((mass) => new Fraction(mass));
    const sets = draftedSets(rational, q, 3).map(({ tokens, probability }) => `${tokens}: ${probability.toFraction()}`);
    // {0, 1}: 3 words of (1/2)^2 1/4 and 3 of 1/2 (1/4)^2; {1, 2}: 6 of (1/4)^3; all: 6 of 1/2 (1/4)^2.
    expect(sets).toEqual(['0: 1/8', '1: 1/64', '2: 1/64', '0,1: 9/32', '0,2: 9/32', '1,2: 3/32', '0,1,2: 3/16']);
  });

  it('are no more than the support, and not of more tokens than draws', () => {
    expect(draftedSets(float64, [1, 0], 3)).toEqual([{ tokens: [0], probability: 1 }]);
    expect(draftedSets(float64, [0.25, 0.25, 0.5], 1).map(({ tokens }) => tokens)).toEqual([[0], [1], [2]]);
  });

  it('rounding takes no probability below zero', () => {
    // The alternating sum of the set {0, 2, 3} comes out as -2.8e-17, where 6 * 0.543 * q2 * q3 = 1.8e-18 is meant.
    const q = [0.543, 0.45699999847896594, 5.602730884079396e-10, 9.607609258566156e-10];
    const sets = draftedSets(float64, q, 3);
    expect(sets.find(({ tokens }) => `${tokens}` === '0,2,3')!.probability).toBe(0);
    for (const { probability } of sets) expect(probability).toBeGreaterThanOrEqual(0);
  });

  it('tokens of zero probability do not count, however many', () => {
    const law = Array.from({ length: 100 }, (_, token) => (token < 2 ? 0.5 : 0));
    expect(draftedSets(float64, law, 3).map(({ tokens }) => tokens)).toEqual([[0], [1], [0, 1]]);
  });

  it('at most 4096 of them: 12 tokens make 4095 sets, 90 make 4095 of one or two, 91 make 4186', () => {
    expect(() => checkTransportSize(12, 12)).not.toThrow();
    expect(() => checkTransportSize(12, 99)).not.toThrow();
    expect(() => checkTransportSize(4096, 1)).not.toThrow();
    expect(() => checkTransportSize(90, 2)).not.toThrow();
    expect(() => checkTransportSize(13, 13)).toThrow(UnsupportedError);
    expect(() => checkTransportSize(4097, 1)).toThrow('got 1 siblings of 4097 possible tokens');
    expect(() => checkTransportSize(91, 2)).toThrow(
      'rule optimal-transport: expected siblings that form at most 4096 different sets (top-k reduces their number), got 2 siblings of 91 possible tokens',
    );
  });
});

describe('the bound', () => {
  it('by hand: two draws of q = (1/2, 1/2) hold token 0 with 3/4', () => {
    expect(optimalAcceptance(float64, [1, 0], HALVES, 2)).toBe(0.75);
    expect(optimalAcceptance(float64, [0.75, 0.25], HALVES, 2)).toBe(1);
  });

  it('goes up to 20 tokens', () => {
    const uniform = (size: number) => new Array<number>(size).fill(1 / size);
    expect(() => optimalAcceptance(float64, uniform(20), uniform(20), 1)).not.toThrow();
    expect(() => optimalAcceptance(float64, uniform(21), uniform(21), 1)).toThrow(
      new UnsupportedError('optimal acceptance', 'at most 20 tokens', '21'),
    );
  });
});

describe('the largest flow', () => {
  it('takes back what an earlier path has sent', () => {
    // Supply 0 fills demand 0 first; supply 1 has no other, so supply 0 gives it up, whole or in part.
    expect(largestFlow(float64, [1, 1], [1, 1], [[0, 1], [0]])).toEqual({ sent: [[0, 1], [1]], received: [1, 1] });
    expect(largestFlow(float64, [2, 1], [2, 5], [[0, 1], [0]])).toEqual({ sent: [[1, 1], [1]], received: [2, 1] });
    expect(largestFlow(float64, [1, 3], [2, 5], [[0, 1], [0]])).toEqual({ sent: [[0, 1], [2]], received: [2, 1] });
  });

  it('across two supplies', () => {
    // 0 takes demand 0 and 1 demand 1; 2 can have demand 0 only if 0 moves to 1, and 1 to 2.
    const flow = largestFlow(float64, [1, 1, 1], [1, 1, 1], [[0, 1], [1, 2], [0]]);
    expect(flow).toEqual({ sent: [[0, 1], [0, 1], [1]], received: [1, 1, 1] });
  });

  it('is limited by what demands leave open', () => {
    const { sent, received } = largestFlow(float64, [2, 1, 1], [1, 2, 5], [[0, 1], [0], [1]]);
    expect(received).toEqual([1, 2, 0]);
    expect(sent.flat().reduce((a, b) => a + b)).toBe(3);
  });
});

describe('optimal transport', () => {
  const LAWS = [
    [0.75, 0.25],
    [0, 1],
    [0, 1],
  ];

  it('a set that holds both tokens gives way to one that has no choice', () => {
    // p = (3/4, 1/4): sets {0}: 1/4, {1}: 1/4, both: 1/2, which must all become token 0.
    const verdict = decide(optimalTransport, star('independent', [1, 0], HALVES), LAWS, [ALMOST_ONE, ALMOST_ONE, 0]);
    expect(verdict).toEqual({ accepted: [1], token: 1, asked: ['accept@7', 'accept@7', 'target@8'] });
    const twins = decide(optimalTransport, star('independent', [1, 1], HALVES), LAWS, [ALMOST_ONE, 0, 0]);
    expect(twins.accepted).toEqual([0]);
  });

  it('what a set cannot pass on goes to what no set fills', () => {
    const twins = decide(optimalTransport, star('independent', [1, 1], HALVES), [[1, 0]], [0, 0]);
    expect(twins).toEqual({ accepted: [], token: 0, asked: ['accept@7', 'residual@7'] });
  });

  it('refuses by name what is too large to plan', () => {
    const law = new Array(100).fill(0.01);
    const ask = () => decide(optimalTransport, star('independent', [1, 2, 3], law), [law], [0]);
    expect(ask).toThrow(UnsupportedError);
    expect(ask).toThrow('3 siblings of 100');
  });

  it('refuses a sibling that its law cannot have yielded', () => {
    const ask = () => decide(optimalTransport, star('independent', [2, 0], [0.5, 0.5, 0]), [[0.5, 0.25, 0.25]], [0]);
    expect(ask).toThrow(new LawError('drafted siblings', 'tokens that their law can yield', '0,2'));
  });
});
