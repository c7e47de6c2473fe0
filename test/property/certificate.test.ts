/** Every rule that claims the target's law keeps it, on random problems, as fractions over all branches. */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { certify } from '../../src/law/certificate.ts';
import { expectedAccepted, roundLaw, textVariation } from '../../src/law/enumeration.ts';
import { exactReport } from '../../src/law/exact-report.ts';
import { EXACT } from '../../src/law/numbers.ts';
import type { Problem } from '../../src/law/problem.ts';
import { schemeFor } from '../../src/law/scheme.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { RULES, ruleNamed } from '../../src/verify/rules.ts';
import { blockRuleAcceptance, problemsFor, tokenRuleAcceptance, violationTable } from '../support/law-problems.ts';

const lawOf = (problem: Problem, rule: Rule) => roundLaw(schemeFor(problem, rule, EXACT), rational);
const lossless = [...RULES.values()].filter((rule) => rule.lossless === 'law');

/** Fails with a table of the violated identity; the shrunk counterexample is the smallest table. */
function expectCertified(problem: Problem, rule: Rule): void {
  const law = lawOf(problem, rule);
  const certificate = certify(law, problem.target);
  if (!certificate.holds) throw new Error(`${rule.name}\n${violationTable(problem, certificate.violated)}`);
  expect(textVariation(law, problem.target).toFraction()).toBe('0');
}

describe('the certificate holds on 200 random problems', () => {
  it('there are lossless rules', () => {
    expect(lossless.length).toBeGreaterThan(2);
  });

  for (const rule of lossless) {
    it(`${rule.name}, chains`, () => {
      fc.assert(
        fc.property(problemsFor(rule, false), (problem) => expectCertified(problem, rule)),
        { numRuns: 200 },
      );
    });
    if (rule.takes.siblings === 'none') continue;
    it(`${rule.name}, trees`, () => {
      fc.assert(
        fc.property(problemsFor(rule, true), (problem) => expectCertified(problem, rule)),
        { numRuns: 200 },
      );
    });
  }

  it('a counterexample is a small table of fractions', () => {
    const broken: Rule = { ...ruleNamed('rejection'), decide: ruleNamed('typical').decide };
    const result = fc.check(
      fc.property(problemsFor(broken, false), (problem) => expectCertified(problem, broken)),
      { numRuns: 200, seed: 1 },
    );
    const message = String((result.errorInstance as Error).message);
    expect(message).toMatch(/^p after \[\] .*\d/m);
    expect(message).toMatch(/token \d after \[.*\]: [\d/]+, not [\d/]+$/);
  });
});

describe('greedy', () => {
  it('is the text of greedy decoding on 200 random problems', () => {
    const rule = ruleNamed('greedy');
    fc.assert(
      fc.property(problemsFor(rule, true), (problem) => {
        const { certificate, claim } = exactReport(problem, rule);
        expect(claim).toBe('text');
        if (!certificate.holds) throw new Error(violationTable(problem, certificate.violated));
      }),
      { numRuns: 200 },
    );
  });
});

describe('acceptance', () => {
  const [token, block] = [ruleNamed('rejection'), ruleNamed('block')];
  const drawnChains = problemsFor(token, false).map((problem): Problem => ({ ...problem, drawn: 'independent' }));
  const small = drawnChains.filter(({ vocabulary, parents }) => vocabulary ** parents.length <= 130);

  it('equals the closed sums: token rule and block rule; block is never below token', () => {
    fc.assert(
      fc.property(small, (problem) => {
        const byToken = expectedAccepted(lawOf(problem, token));
        const byBlock = expectedAccepted(lawOf(problem, block));
        expect(byToken.toFraction()).toBe(tokenRuleAcceptance(problem).toFraction());
        expect(byBlock.toFraction()).toBe(blockRuleAcceptance(problem).toFraction());
        expect(byBlock.compare(byToken)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });

  const siblings = problemsFor(ruleNamed('specinfer'), true)
    .map((problem): Problem => ({ ...problem, drawn: 'independent', parents: problem.parents.map(() => -1) }))
    .filter(({ vocabulary, parents }) => vocabulary ** parents.length <= 130);
  for (const rule of lossless.filter(
    ({ takes }) => takes.siblings === 'any' || takes.siblings.includes('independent'),
  )) {
    it(`${rule.name} on independent siblings is not above min_H [p(H) + 1 - q(H)^n]`, () => {
      fc.assert(
        fc.property(siblings, (problem) => {
          const accepted = expectedAccepted(lawOf(problem, rule));
          const bound = transportBound(problem);
          expect(accepted.compare(bound)).toBeLessThanOrEqual(0);
          if (rule.name === 'optimal-transport') expect(accepted.toFraction()).toBe(bound.toFraction());
        }),
        { numRuns: 60 },
      );
    });
  }
});

/** The largest acceptance that any lossless rule can have for n independent drafts of one token. */
function transportBound({ vocabulary, parents, target, draft }: Problem): Fraction {
  const [p, q] = [target([]), draft([])];
  let least = new Fraction(1);
  for (let set = 0; set < 2 ** vocabulary; set++) {
    const mass = (law: readonly Fraction[]) =>
      law.reduce((total, own, token) => (set & (1 << token) ? total.add(own) : total), new Fraction(0));
    const value = mass(p).add(1).sub(mass(q).pow(parents.length)!);
    if (value.compare(least) < 0) least = value;
  }
  return least;
}
