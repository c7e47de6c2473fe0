/**
 * How much each rule accepts: the closed sums, the order of the rules, and the bound that none may exceed; all as
 * fractions.
 */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../src/chance/enumerate.ts';
import { sampled } from '../../src/chance/sampled.ts';
import { seededTape } from '../../src/chance/seeded-tape.ts';
import { chain, type Drawn } from '../../src/draft/draft.ts';
import { float64, rational } from '../../src/numerics/arithmetic.ts';
import { block } from '../../src/verify/block.ts';
import { eagle } from '../../src/verify/eagle.ts';
import { gumbel } from '../../src/verify/gumbel.ts';
import { kSeq } from '../../src/verify/k-seq.ts';
import { lenienceBy } from '../../src/verify/lenience.ts';
import { optimalAcceptance, optimalTransport } from '../../src/verify/optimal-transport.ts';
import { recursive } from '../../src/verify/recursive.ts';
import { rejection } from '../../src/verify/rejection.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { sampleAndMatch } from '../../src/verify/sample-and-match.ts';
import { specinfer } from '../../src/verify/specinfer.ts';
import { traversal } from '../../src/verify/traversal.ts';
import { drawDraft, type Problem, problems, roundOf } from '../support/exact-rounds.ts';
import type { Law } from '../support/losslessness.ts';

const ZERO = new Fraction(0);
const least = (a: Fraction, b: Fraction): Fraction => (a.compare(b) <= 0 ? a : b);
const total = (terms: readonly Fraction[]): Fraction => terms.reduce((sum, term) => sum.add(term), ZERO);
const law = (...weights: string[]): Law => weights.map((weight) => new Fraction(weight));
/** The same law at every position, or one law per position. */
const independent = (p: Law[], q: Law[]): Problem => ({
  vocabulary: p[0]!.length,
  p: (prefix) => p[Math.min(prefix.length, p.length - 1)]!,
  q: (prefix) => q[Math.min(prefix.length, q.length - 1)]!,
  parents: q.map((_, i) => i - 1),
});

/** Expected accepted tokens of a round, over all branches. */
function accepted(rule: Rule, problem: Problem, drawn: Drawn = 'independent', race = false): Fraction {
  const branches = enumerate(rational, roundOf(rule, problem, drawn, race));
  return total([...branches].map(({ probability, outcome }) => probability.mul(outcome.length - 1)));
}

/** Sums a function of every prefix of drafted tokens up to the chain's length: `sum_i sum_(x^i) of(x^i)`. */
function overPrefixes(problem: Problem, of: (prefix: readonly number[]) => Fraction): Fraction {
  const below = (prefix: readonly number[]): Fraction => {
    if (prefix.length === problem.parents.length) return ZERO;
    const longer = Array.from({ length: problem.vocabulary }, (_, token) => [...prefix, token]);
    return total(longer.map((next) => of(next).add(below(next))));
  };
  return below([]);
}

describe('closed sums of expected acceptance', () => {
  const chains = problems('chain', 128);

  it('rejection: sum over prefixes of prod min(p, q); match: prod p q', () => {
    fc.assert(
      fc.property(chains, (problem) => {
        const product = (each: (p: Fraction, q: Fraction) => Fraction) => (prefix: readonly number[]) =>
          prefix.reduce((mass, token, i) => {
            const before = prefix.slice(0, i);
            return mass.mul(each(problem.p(before)[token]!, problem.q(before)[token]!));
          }, new Fraction(1));
        expect(accepted(rejection, problem).equals(overPrefixes(problem, product(least)))).toBe(true);
        const both = product((p, q) => p.mul(q));
        expect(accepted(sampleAndMatch, problem).equals(overPrefixes(problem, both))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('block: sum over prefixes of q(x^i) r_i(x^i), never below rejection', () => {
    fc.assert(
      fc.property(chains, (problem) => {
        const carried = (prefix: readonly number[]): Fraction => {
          let [r, drafted] = [new Fraction(1), new Fraction(1)];
          for (const [i, token] of prefix.entries()) {
            const [p, q] = [problem.p(prefix.slice(0, i))[token]!, problem.q(prefix.slice(0, i))[token]!];
            if (q.equals(0)) return ZERO;
            r = least(new Fraction(1), r.mul(p).div(q));
            drafted = drafted.mul(q);
          }
          return drafted.mul(r);
        };
        const expected = accepted(block, problem);
        expect(expected.equals(overPrefixes(problem, carried))).toBe(true);
        const byToken = accepted(rejection, problem);
        expect(expected.compare(byToken)).toBeGreaterThanOrEqual(0);
        if (problem.parents.length < 2) expect(expected.equals(byToken)).toBe(true);
        expect(accepted(block, problem, 'top').equals(accepted(rejection, problem, 'top'))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('block against rejection at K = 2: 13/15 = 0.8667 against 64/75 = 0.8533, and 11/9 against 10/9 as published', () => {
    const example = independent([law('1/5', '4/5'), law('0', '1')], [law('2/5', '3/5'), law('14/15', '1/15')]);
    expect(accepted(rejection, example).toFraction()).toBe('64/75');
    expect(accepted(block, example).toFraction()).toBe('13/15');
    const published = [law('1/3', '2/3'), law('2/3', '1/3')] as const;
    const twice = independent([published[0], published[0]], [published[1], published[1]]);
    expect([rejection, block].map((rule) => accepted(rule, twice).toFraction())).toEqual(['10/9', '11/9']);
  });

  it('eagle: the sum of p over the children', () => {
    fc.assert(
      fc.property(problems('tree', 256), (problem) => {
        const flat: Problem = { ...problem, parents: problem.parents.filter((parent) => parent === -1) };
        const draft = drawDraft(flat, 'top', {} as never);
        const mass = total(draft.tokens.map((token) => flat.p([])[token]!));
        expect(accepted(eagle, flat, 'top').equals(mass)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('gumbel: sum_x 1 / sum_y max(p_y / p_x, q_y / q_x)', () => {
    fc.assert(
      fc.property(chains, (problem) => {
        const one: Problem = { ...problem, parents: [-1] };
        const [p, q] = [one.p([]), one.q([])];
        const matches = p.flatMap((px, x) => {
          if (px.equals(0) || q[x]!.equals(0)) return [];
          const slower = p.map((py, y) => {
            const [byP, byQ] = [py.div(px), q[y]!.div(q[x]!)];
            return byP.compare(byQ) >= 0 ? byP : byQ;
          });
          return [new Fraction(1).div(total(slower))];
        });
        expect(accepted(gumbel, one, 'independent', true).equals(total(matches))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('one step with n siblings', () => {
  const stars = fc
    .record({ problem: problems('chain', 5), n: fc.integer({ min: 1, max: 4 }) })
    .filter(({ problem, n }) => problem.vocabulary ** n <= 256)
    .map(({ problem, n }): Problem => ({ ...problem, parents: Array.from({ length: n }, () => -1) }));

  it('optimal transport reaches its bound, and no other rule for independent siblings exceeds it', () => {
    fc.assert(
      fc.property(stars, (problem) => {
        const bound = optimalAcceptance(rational, problem.p([]), problem.q([]), problem.parents.length);
        expect(accepted(optimalTransport, problem).toFraction()).toBe(bound.toFraction());
        for (const rule of [specinfer, kSeq, traversal, sampleAndMatch, gumbel]) {
          expect(accepted(rule, problem).compare(bound)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('with one sibling the bound is sum min(p, q), and rejection, specinfer, recursive, k-seq, traversal reach it', () => {
    fc.assert(
      fc.property(problems('chain', 5), (problem) => {
        const one: Problem = { ...problem, parents: [-1] };
        const overlap = total(one.p([]).map((mass, x) => least(mass, one.q([])[x]!)));
        for (const rule of [rejection, specinfer, recursive, kSeq, traversal, block, optimalTransport]) {
          expect(accepted(rule, one).equals(overlap)).toBe(true);
        }
        expect(optimalAcceptance(rational, one.p([]), one.q([]), 1).equals(overlap)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('k-seq accepts at least 1 - 1/e of the best', () => {
    fc.assert(
      fc.property(stars, (problem) => {
        const bound = optimalAcceptance(rational, problem.p([]), problem.q([]), problem.parents.length);
        // The grid of rho costs up to one part in 2^12.
        const share = 1 - Math.exp(-1) - 2 ** -11;
        expect(accepted(kSeq, problem).valueOf()).toBeGreaterThanOrEqual(share * bound.valueOf());
      }),
      { numRuns: 200 },
    );
  });
});

describe('on chains', () => {
  it('traversal is block: the same verdict from the same tape', () => {
    fc.assert(
      fc.property(problems('chain', 256), fc.nat(), (problem, seed) => {
        const laws = (exact: Law): number[] => exact.map((mass) => mass.valueOf());
        const draw = sampled(seededTape(seed >>> 0));
        const prefix: number[] = [];
        const drafted = problem.parents.map((_, position) => {
          const q = laws(problem.q(prefix));
          prefix.push(draw.draw({ purpose: 'draft', position }, q));
          return q;
        });
        const decide = (rule: Rule) => {
          const target = (node: number): number[] => laws(problem.p(prefix.slice(0, node + 1)));
          const round = { draft: chain(prefix, drafted), target, position: 0 };
          return rule.decide(round, float64, sampled(seededTape(seed >>> 0)));
        };
        expect(decide(traversal)).toEqual(decide(block));
      }),
      { numRuns: 500 },
    );
  });

  it('specinfer and k-seq are rejection, recursive too: the same law', () => {
    fc.assert(
      fc.property(problems('chain', 64), (problem) => {
        const lawOf = (rule: Rule): Map<string, string> => {
          const sums = new Map<string, Fraction>();
          for (const { probability, outcome } of enumerate(rational, roundOf(rule, problem, 'independent'))) {
            sums.set(`${outcome}`, (sums.get(`${outcome}`) ?? ZERO).add(probability));
          }
          return new Map([...sums].map(([text, mass]) => [text, mass.toFraction()]));
        };
        const expected = lawOf(rejection);
        for (const rule of [specinfer, recursive, kSeq, lenienceBy(1)]) expect(lawOf(rule)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
