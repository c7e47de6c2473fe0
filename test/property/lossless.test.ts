/**
 * Acceptance rules are lossless, shown exactly: every branch of the production code is enumerated with rationals and
 * the output law compared with the target's as fractions.
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
import { emittedBy, type Law, type Laws, lawsFrom, maximum, violation } from '../support/losslessness.ts';

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
