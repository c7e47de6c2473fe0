/** Rules for trees and blocks, by hand: every uniform chosen, every expected verdict worked out on paper. */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { chain, type Draft, type DraftLaw, type Drawn } from '../../../src/draft/draft.ts';
import { LawError, OptionError, UnsupportedError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import { enumerate, type Slot, sampled } from '../../../src/numerics/chance.ts';
import { block, carriedMass } from '../../../src/verify/block.ts';
import { eagle } from '../../../src/verify/eagle.ts';
import { gumbel } from '../../../src/verify/gumbel.ts';
import { kSeq, kSeqRho } from '../../../src/verify/k-seq.ts';
import { lenience, lenienceBy } from '../../../src/verify/lenience.ts';
import { draftedSets, optimalAcceptance, optimalTransport } from '../../../src/verify/optimal-transport.ts';
import { recursive } from '../../../src/verify/recursive.ts';
import type { Rule } from '../../../src/verify/rule.ts';
import { specinfer } from '../../../src/verify/specinfer.ts';
import { largestFlow } from '../../../src/verify/transport-flow.ts';
import { traversal } from '../../../src/verify/traversal.ts';
import { typical, typicalWith } from '../../../src/verify/typical.ts';
import { emittedBy, firstTokenLaw } from '../../support/losslessness.ts';

const ALMOST_ONE = 1 - 2 ** -53;

/** Decides one round; each asked slot is noted, each answered with the next uniform. */
function decide(rule: Rule, draft: Draft<number>, laws: number[][], uniforms: number[]) {
  const asked: string[] = [];
  const uniform = ({ purpose, position }: Slot): number =>
    uniforms[asked.push(`${purpose}@${position}`) - 1] ?? expect.fail('asked too often');
  const target = (node: number): number[] => laws[node + 1]!;
  const verdict = rule.decide({ draft, target, position: 7 }, float64, sampled({ uniform }));
  return { ...verdict, asked };
}

/** Children of the root only. */
function star(drawn: Drawn, tokens: number[], law: DraftLaw<number>): Draft<number> {
  return { drawn, tokens, parents: tokens.map(() => -1), laws: tokens.map(() => law) };
}

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
    expect(decide(recursive, draft, [[0.25, 0.25, 0.5]], [0.5, 0, 0])).toMatchObject({ accepted: [], token: 2 });
  });
});

describe('eagle', () => {
  it('accepts with p, and takes a rejected child out of p', () => {
    const draft = star('top', [0, 1], 'point');
    // 1 after 0 is rejected: p(1) = 1/4 / (1/2) = 1/2.
    expect(decide(eagle, draft, [P, ...END, ...END], [0.5, 0.49, 0])).toMatchObject({ accepted: [1], token: 2 });
    expect(decide(eagle, draft, [P], [0.5, 0.5, 0])).toMatchObject({ accepted: [], token: 2 });
    expect(decide(eagle, draft, [P, ...END], [0.49, 0])).toMatchObject({ accepted: [0] });
  });
});

describe('block and traversal', () => {
  // p = (1/2, 1/2) and q = (1/4, 3/4) at both positions; drafted: 1, 0. r = 1, 2/3, 1.
  const [p, q] = [
    [0.5, 0.5],
    [0.25, 0.75],
  ];
  const draft = chain([1, 0], [q!, q!]);
  const laws = [p!, p!, p!];

  it('r_i = min(1, r_(i-1) p / q): a later token rescues an earlier one', () => {
    const exact = carriedMass(
      {
        draft: chain(
          [1, 0],
          [
            [new Fraction(1, 4), new Fraction(3, 4)],
            [new Fraction(1, 4), new Fraction(3, 4)],
          ],
        ),
        target: () => [new Fraction(1, 2), new Fraction(1, 2)],
        position: 0,
      },
      rational,
    );
    expect(exact.map((r) => r.toFraction())).toEqual(['1', '2/3', '1']);
    for (const rule of [block, traversal]) {
      // h_2 = 1: accepted whatever the coin, where rejection would have accepted the first with 2/3 only.
      expect(decide(rule, draft, laws, [ALMOST_ONE, 0.6])).toMatchObject({ accepted: [0, 1], token: 1 });
    }
  });

  it('h_i = M / (M + 1 - r), from the end, and the correction from max(r p - q, 0)', () => {
    // Drafted 1, 1: r = 1, 2/3, 4/9. M_1 = max(1/3 - 1/4, 0) = 1/12, h_1 = (1/12) / (1/12 + 1/3) = 1/5.
    const worse = chain([1, 1], [q!, q!]);
    for (const rule of [block, traversal]) {
      const all = decide(rule, worse, laws, [0.444, 0]);
      expect(all).toEqual({ accepted: [0, 1], token: 0, asked: ['accept@8', 'target@9'] });
      const one = decide(rule, worse, laws, [0.445, 0.199, ALMOST_ONE]);
      expect(one).toEqual({ accepted: [0], token: 0, asked: ['accept@8', 'accept@7', 'residual@8'] });
      const none = decide(rule, worse, laws, [0.445, 0.201, ALMOST_ONE]);
      expect(none).toEqual({ accepted: [], token: 0, asked: ['accept@8', 'accept@7', 'residual@7'] });
    }
  });

  it('0/0 is 1: equal laws accept everything', () => {
    for (const rule of [block, traversal]) {
      const equal = decide(rule, chain([1, 1], [p!, p!]), laws, [ALMOST_ONE, 0]);
      expect(equal.accepted).toEqual([0, 1]);
    }
  });

  it('traversal goes on to the next sibling when a whole subtree was rejected', () => {
    // Computed children 0 and 1 of p = (1/2, 1/4, 1/4). 0 rejected at r = 1/2: M = 1/2, p = (0, 1/2, 1/2), r = 1 at the root.
    const tree = star('top', [0, 1], 'point');
    const verdict = decide(traversal, tree, [P, ...END, ...END], [0.5, 0.49, 0]);
    expect(verdict).toEqual({ accepted: [1], token: 2, asked: ['accept@7', 'accept@7', 'target@8'] });
  });
});

describe('gumbel', () => {
  it('emits the winner of the race and goes on where it was drafted', () => {
    // Clocks by token: -ln(1 - u) = .105, .693, 2.303; over p = (1/2, 1/4, 1/4) token 0 rings first.
    const clocks = [0.1, 0.5, 0.9];
    const tree = star('top', [1, 0], 'point');
    const round = { draft: tree, target: (node: number) => [P, P, [0, 0.5, 0.5]][node + 1]!, position: 7 };
    const tape = { uniform: ({ token }: Slot) => clocks[token!]! };
    expect(gumbel.decide(round, float64, sampled(tape))).toEqual({ accepted: [1], token: 1 });
  });
});

describe('k-seq', () => {
  it('rho lies on the safe side of the root, on a grid of 2^-12', () => {
    // p = (1, 0), q = (1/2, 1/2), k = 2: beta = min(1/2, 1/rho) = 1/2 for rho <= 2, 1 - 1/4 = 3/4 <= rho / 2 from 3/2 on.
    expect(kSeqRho(float64, [1, 0], [0.5, 0.5], 2)).toBe(1.5);
    const exact = kSeqRho(rational, [new Fraction(1), new Fraction(0)], [new Fraction(1, 2), new Fraction(1, 2)], 2);
    expect(exact.toFraction()).toBe('3/2');
    // An irrational root: p = q = (1/2, 1/2): rho beta = 1 = 1 - (1 - 1/rho)^2 has none above 1, so rho = 1.
    expect(kSeqRho(float64, [0.5, 0.5], [0.5, 0.5], 3)).toBe(1);
  });

  it('accepts with p / (rho q); the residual leaves out what acceptance gives', () => {
    const draft = star('independent', [1, 0], [0.5, 0.5]);
    const laws = [[1, 0], ...END.map((law) => law.slice(1)), [0, 1]];
    // Token 1 never; token 0 with 1 / (3/2 * 1/2) > 1 for certain.
    expect(decide(kSeq, draft, laws, [0, ALMOST_ONE, 0]).accepted).toEqual([1]);
    expect(decide(kSeq, star('independent', [1, 1], [0.5, 0.5]), laws, [0, 0, ALMOST_ONE])).toMatchObject({ token: 0 });
  });
});

describe('optimal transport', () => {
  const halves = [0.5, 0.5];

  it('draftedSets: every set that n draws can yield, with its probability', () => {
    expect(draftedSets(float64, [0.5, 0, 0.5], 2)).toEqual([
      { tokens: [0], probability: 0.25 },
      { tokens: [2], probability: 0.25 },
      { tokens: [0, 2], probability: 0.5 },
    ]);
  });

  it('the bound by hand: two draws of q = (1/2, 1/2) hold token 0 with 3/4', () => {
    expect(optimalAcceptance(float64, [1, 0], halves, 2)).toBe(0.75);
    expect(optimalAcceptance(float64, [0.75, 0.25], halves, 2)).toBe(1);
  });

  it('a set that holds both tokens gives way to one that has no choice', () => {
    // p = (3/4, 1/4): sets {0}: 1/4, {1}: 1/4, both: 1/2, which must all become token 0.
    const draft = star('independent', [1, 0], halves);
    const laws = [
      [0.75, 0.25],
      [0, 1],
      [0, 1],
    ];
    const verdict = decide(optimalTransport, draft, laws, [ALMOST_ONE, ALMOST_ONE, 0]);
    expect(verdict).toEqual({ accepted: [1], token: 1, asked: ['accept@7', 'accept@7', 'target@8'] });
    const twins = decide(optimalTransport, star('independent', [1, 1], halves), laws, [ALMOST_ONE, 0, 0]);
    expect(twins.accepted).toEqual([0]);
  });

  it('what a set cannot pass on goes to what no set fills', () => {
    const twins = decide(optimalTransport, star('independent', [1, 1], halves), [[1, 0]], [0, 0]);
    expect(twins).toEqual({ accepted: [], token: 0, asked: ['accept@7', 'residual@7'] });
  });

  it('refuses by name what is too large to plan', () => {
    const law = new Array(100).fill(0.01);
    expect(() => decide(optimalTransport, star('independent', [1, 2, 3], law), [law], [0])).toThrow(UnsupportedError);
    expect(() => decide(optimalTransport, star('independent', [1, 2, 3], law), [law], [0])).toThrow(
      '3 siblings of 100',
    );
    expect(() => optimalAcceptance(float64, law, law, 2)).toThrow('at most 20 tokens');
  });

  it('largestFlow takes back what an earlier path has sent', () => {
    const { sent, received } = largestFlow(float64, [2, 1, 1], [1, 2, 5], [[0, 1], [0], [1]]);
    expect(received).toEqual([1, 2, 0]);
    expect(sent.map((edges) => edges.reduce((a, b) => a + b, 0)).reduce((a, b) => a + b)).toBe(3);
  });
});

describe('lossy rules', () => {
  it('typical: p(x) > min(epsilon, delta exp(-H))', () => {
    // H(1/2, 1/4, 1/4) = 1.5 ln 2, exp(-H) = 0.35355; delta .3 makes 0.10607, so epsilon .09 is the threshold.
    expect(decide(typical, chain<number>([1], ['point']), [P, P], [0]).accepted).toEqual([0]);
    const strict = typicalWith({ epsilon: 1, delta: 0.71 }); // 0.25102
    expect(decide(strict, chain<number>([1], ['point']), [P], [0]).accepted).toEqual([]);
    expect(decide(strict, chain<number>([0], ['point']), [P, P], [0]).accepted).toEqual([0]);
  });

  it('typical: the longest branch of typical tokens, the first on ties', () => {
    const draft: Draft<number> = { tokens: [0, 1, 2, 0], parents: [-1, -1, 1, 1], laws: new Array(4).fill('point') };
    expect(decide(typical, draft, [P, P, P, P, P], [0])).toMatchObject({ accepted: [1, 2], asked: ['target@9'] });
  });

  it('lenience: p / (l q), then max(p - l q, 0); its exact law', () => {
    // p = (1/4, 3/4), q = (3/4, 1/4), l = 1/2: token 0 with 2/3 of 3/4, token 1 surely; residual (0, 5/8).
    const [p, q] = [
      [0.25, 0.75],
      [0.75, 0.25],
    ];
    expect(decide(lenience, chain([0], [q!]), [p!, p!], [0.66, 0]).accepted).toEqual([0]);
    expect(decide(lenience, chain([0], [q!]), [p!], [0.67, 0])).toMatchObject({ accepted: [], token: 1 });
    const exact = (law: number[]) => law.map((mass) => new Fraction(mass));
    const lawOf = (rule: Rule): string[] => {
      const outcomes = enumerate(rational, (chance) => {
        const token = chance.draw({ purpose: 'draft', position: 0 }, exact(q!));
        return emittedBy(rule, chain([token], [exact(q!)]), () => exact(p!), chance);
      });
      return firstTokenLaw(outcomes, 2).map((mass) => mass.toFraction());
    };
    expect(lawOf(lenience)).toEqual(['1/2', '1/2']);
    expect(lawOf(lenienceBy(1))).toEqual(['1/4', '3/4']);
  });
});

describe('what is refused', () => {
  it('a lenience that is none', () => {
    for (const divisor of [0, 1.5, -2]) expect(() => lenienceBy(divisor)).toThrow(OptionError);
  });

  it('optimal transport: a sibling that its law cannot have yielded', () => {
    const draft = star('independent', [2, 0], [0.5, 0.5, 0]);
    expect(() => decide(optimalTransport, draft, [P], [0])).toThrow(LawError);
  });
});
