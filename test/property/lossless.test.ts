/**
 * Acceptance rules are lossless, shown exactly: every branch of the production code is enumerated with rationals and
 * the output law compared with the target's as fractions.
 *
 * With N the number of tokens emitted in a round, a rule is lossless for sequences iff for every prefix
 * `P(N >= n+1, x1..x(n+1)) = p(x(n+1) | x1..xn) * P(N >= n+1, x1..xn)`.
 */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { chain, type Draft, type DraftLaw } from '../../src/draft/draft.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { type Chance, enumerate } from '../../src/numerics/chance.ts';
import { greedy } from '../../src/verify/greedy.ts';
import { rejection } from '../../src/verify/rejection.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { sampleAndMatch } from '../../src/verify/sample-and-match.ts';

type Law = Fraction[];
type Laws = (prefix: readonly number[]) => Law;

/** A law per prefix, from integer weights; zeros and point masses included. */
function lawsFrom(weights: readonly number[][]): Laws {
  return (prefix) => {
    const vocabulary = weights[0]!.length;
    const index = prefix.reduce((at, token) => at * (vocabulary + 1) + token + 1, 0) % weights.length;
    const total = weights[index]!.reduce((a, b) => a + b, 0);
    return weights[index]!.map((weight) => new Fraction(weight, total));
  };
}

const weightsOf = (vocabulary: number) =>
  fc.array(
    fc.array(fc.nat(6), { minLength: vocabulary, maxLength: vocabulary }).filter((w) => w.some((x) => x > 0)),
    { minLength: 5, maxLength: 31 },
  );
const problems = fc
  .integer({ min: 2, max: 4 })
  .chain((vocabulary) => fc.record({ p: weightsOf(vocabulary), q: weightsOf(vocabulary), length: fc.nat(3) }))
  .filter(({ p, length }) => p[0]!.length ** length <= 27);

/** Draws a chain from q, then lets the rule decide; returns the emitted tokens. */
function round(rule: Rule, p: Laws, q: Laws, length: number, sampledDraft: boolean) {
  return (chance: Chance<Fraction>): number[] => {
    const tokens: number[] = [];
    const laws: DraftLaw<Fraction>[] = [];
    for (let i = 0; i < length; i++) {
      const law = q(tokens);
      laws.push(sampledDraft ? law : 'point');
      tokens.push(sampledDraft ? chance.draw({ purpose: 'draft', position: i }, law) : law.indexOf(maximum(law)));
    }
    return emittedBy(rule, chain(tokens, laws), p, chance);
  };
}

function emittedBy(rule: Rule, draft: Draft<Fraction>, p: Laws, chance: Chance<Fraction>): number[] {
  const pathTo = (node: number): number[] => (node < 0 ? [] : [...pathTo(draft.parents[node]!), draft.tokens[node]!]);
  const verdict = rule.decide({ draft, target: (node) => p(pathTo(node)), position: 0 }, rational, chance);
  return [...verdict.accepted.map((node) => draft.tokens[node]!), verdict.token];
}

function maximum(law: Law): Fraction {
  return law.reduce((a, b) => (b.compare(a) > 0 ? b : a));
}

/** The first violated prefix as text, or null. */
function violation(outcomes: Iterable<{ probability: Fraction; outcome: number[] }>, p: Laws): string | null {
  const reached = new Map<string, Fraction>(); // P(N >= n, x1..xn)
  const continued = new Map<string, Fraction>(); // P(N >= n+1, x1..xn)
  const add = (map: Map<string, Fraction>, key: string, mass: Fraction) =>
    map.set(key, (map.get(key) ?? new Fraction(0)).add(mass));
  for (const { probability, outcome } of outcomes) {
    outcome.forEach((_, n) => {
      add(continued, outcome.slice(0, n).join(' '), probability);
      add(reached, outcome.slice(0, n + 1).join(' '), probability);
    });
  }
  for (const [key, mass] of continued) {
    const prefix = key === '' ? [] : key.split(' ').map(Number);
    for (const [token, probability] of p(prefix).entries()) {
      const right = probability.mul(mass);
      const left = reached.get([...prefix, token].join(' ')) ?? new Fraction(0);
      if (!left.equals(right)) {
        return `after [${prefix}] token ${token}: ${left.toFraction()}, not ${right.toFraction()}`;
      }
    }
  }
  return null;
}

describe('lossless as fractions', () => {
  for (const rule of [rejection, sampleAndMatch]) {
    for (const sampledDraft of [true, false]) {
      it(`${rule.name}, drafts ${sampledDraft ? 'drawn from q' : 'at the top of q (point masses)'}`, () => {
        fc.assert(
          fc.property(problems, ({ p, q, length }) => {
            const target = lawsFrom(p);
            const program = round(rule, target, lawsFrom(q), length, sampledDraft);
            expect(violation(enumerate(rational, program), target)).toBe(null);
          }),
          { numRuns: 200 },
        );
      });
    }
  }

  it('match, on trees', () => {
    const nodes = fc.array(fc.record({ token: fc.nat(2), parent: fc.nat(99) }), { maxLength: 6 });
    fc.assert(
      fc.property(weightsOf(3), nodes, (p, tree) => {
        const draft: Draft<Fraction> = {
          tokens: tree.map((node) => node.token),
          parents: tree.map(({ parent }, i) => (parent % (i + 1)) - 1),
          laws: tree.map(() => 'point' as const),
        };
        const target = lawsFrom(p);
        const outcomes = enumerate(rational, (chance) => emittedBy(sampleAndMatch, draft, target, chance));
        expect(violation(outcomes, target)).toBe(null);
      }),
      { numRuns: 200 },
    );
  });

  it('the check itself fails: a greedy draft verified with the law of a sampled one', () => {
    // The signature of this fault at p = (.6, .4), q = (.8, .2) is (.75, .25), worked out by hand.
    const p: Laws = () => [new Fraction('0.6'), new Fraction('0.4')];
    const q: Law = [new Fraction('0.8'), new Fraction('0.2')];
    const outcomes = [...enumerate(rational, (chance) => emittedBy(rejection, chain([0], [q]), p, chance))];
    const first = outcomes.filter(({ outcome }) => outcome[0] === 0);
    const mass = first.reduce((total, { probability }) => total.add(probability), new Fraction(0));
    expect(mass.toFraction()).toBe('3/4');
    expect(violation(outcomes, p)).toBe('after [] token 0: 3/4, not 3/5');
  });

  it('acceptance of rejection is sum min(p, q), of match sum p q', () => {
    const [p, q] = [
      [5, 3, 2],
      [2, 3, 5],
    ].map((weights) => lawsFrom([weights])) as [Laws, Laws];
    const accepted = (rule: Rule): string => {
      const branches = [...enumerate(rational, round(rule, p, q, 1, true))];
      const mass = branches.filter(({ outcome }) => outcome.length === 2);
      return mass.reduce((total, { probability }) => total.add(probability), new Fraction(0)).toFraction();
    };
    expect(accepted(rejection)).toBe('7/10');
    expect(accepted(sampleAndMatch)).toBe('29/100');
  });

  it('greedy is a point mass on the most likely tokens, whatever the draft', () => {
    fc.assert(
      fc.property(problems, ({ p, q, length }) => {
        const target = lawsFrom(p);
        const branches = [...enumerate(rational, round(greedy, target, lawsFrom(q), length, true))];
        for (const { outcome } of branches) {
          outcome.forEach((token, n) => {
            const law = target(outcome.slice(0, n));
            expect(token).toBe(law.findIndex((probability) => probability.equals(maximum(law))));
          });
        }
      }),
    );
  });
});
