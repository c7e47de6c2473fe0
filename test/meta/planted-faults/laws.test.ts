/** Every known fault is rejected by the certificate, and has the law that is known of it. */
import type Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { certify } from '../../../src/law/certificate.ts';
import { firstTokenLaw, roundLaw, totalVariation } from '../../../src/law/enumeration.ts';
import { exactReport } from '../../../src/law/exact-report.ts';
import { blockFrom } from '../../../src/law/faults/block.ts';
import { onGrid } from '../../../src/law/faults/coin.ts';
import { DIFFERENT_ROWS, TWO_LEFT } from '../../../src/law/faults/examples.ts';
import { FAULTS, faultNamed, faultNeeds, faultyScheme } from '../../../src/law/faults/faults.ts';
import { rejectionFrom } from '../../../src/law/faults/rejection-steps.ts';
import { EXACT } from '../../../src/law/numbers.ts';
import type { Problem } from '../../../src/law/problem.ts';
import { type ProblemInput, problemFrom } from '../../../src/law/problem-input.ts';
import { type Scheme, schemeFor } from '../../../src/law/scheme.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { RULES, ruleNamed } from '../../../src/verify/rules.ts';

const cases = [...FAULTS.values()].flatMap((fault) =>
  fault.rules
    .filter((name) => RULES.has(name))
    .map((name) => [`${fault.name} in ${name}`, fault, ruleNamed(name)] as const),
);
const firstLaw = (scheme: Scheme<Fraction>, { vocabulary }: Problem): Fraction[] =>
  firstTokenLaw(roundLaw(scheme, rational), vocabulary);

describe('known faults', () => {
  it.each([...FAULTS.values()])('$name has a reference, a sentence and rules that exist', (fault) => {
    expect(fault.references.length).toBeGreaterThan(0);
    for (const { where, title } of fault.references) {
      expect(where).toMatch(/^([\w.-]+\/[\w.-]+(#\d+)?|arXiv \d{4}\.\d{5})$/);
      expect(title).not.toBe('');
    }
    expect(fault.description).toMatch(/\.$/);
    expect(fault.rules.filter((name) => !RULES.has(name))).toEqual([]);
  });

  it.each(cases)('%s: caught on its revealing problem, where the correct rule passes', (_, fault, rule) => {
    const problem = problemFrom(fault.reveals);
    expect(faultNeeds(fault, rule, problem)).toBe(null);
    const correct = exactReport(problem, rule);
    const faulty = exactReport(problem, rule, fault);
    expect(correct.asClaimed).toBe(true);
    if (rule.lossless === 'no') {
      // Nothing is claimed; the law is not the one of the rule.
      expect(totalVariation(faulty.emitted, correct.emitted).compare(0)).toBeGreaterThan(0);
      return;
    }
    expect(correct.certificate.holds).toBe(true);
    expect(faulty.asClaimed).toBe(false);
    expect(faulty.textVariation.compare(0)).toBeGreaterThan(0);
  });

  it.each(cases.filter(([, fault]) => fault.signature))('%s: its signature', (_, fault, rule) => {
    const problem = problemFrom(fault.signature!.problem);
    const law = firstLaw(faultyScheme(problem, rule, fault), problem);
    for (const [token, expected] of fault.signature!.emitted.entries()) {
      if (!expected.startsWith('0.')) expect(law[token]!.toFraction()).toBe(expected);
      else expect(Math.abs(law[token]!.valueOf() - Number(expected))).toBeLessThanOrEqual(0.0005 + 1e-12);
    }
  });

  it('the signatures that are rational', () => {
    const law = (name: string) => {
      const problem = problemFrom(faultNamed(name).signature!.problem);
      return firstLaw(faultyScheme(problem, ruleNamed('rejection'), faultNamed(name)), problem).map((p) =>
        p.toFraction(),
      );
    };
    expect(law('resample-from-target')).toEqual(['7/20', '39/100', '13/50']);
    expect(law('greedy-draft')).toEqual(['3/4', '1/4']);
    expect(law('raw-draft-law')).toEqual(['15/32', '17/32', '0']);
    // Tokens 2 and 3 have no residual, so theirs are p exactly; a sampled (.434, .267, .200, .0997) is off in the last
    // digit.
    expect(law('shared-noise')).toEqual(['13/30', '4/15', '1/5', '1/10']);
  });

  it('five have a signature', () => {
    expect([...FAULTS.values()].filter(({ signature }) => signature).length).toBe(5);
  });
});

describe('why revealing problems look as they do', () => {
  const judged = (name: string, input: ProblemInput) =>
    exactReport(problemFrom(input), ruleNamed('rejection'), faultNamed(name));

  it('laws that are the same at every row hide a shifted row', () => {
    const same = { ...TWO_LEFT, shape: { chain: 2 } };
    expect(judged('target-row-late', same).asClaimed).toBe(true);
    expect(judged('draft-row-shifted', same).asClaimed).toBe(true);
    expect(judged('target-row-late', DIFFERENT_ROWS).asClaimed).toBe(false);
  });

  it('and a bonus drawn from the row before its own', () => {
    const holds = (input: ProblemInput): boolean => {
      const problem = problemFrom(input);
      const scheme = schemeFor(problem, ruleNamed('rejection'), EXACT);
      const early: Scheme<Fraction> = {
        ...scheme,
        decide: (round, arithmetic, chance) => {
          const last = round.draft.tokens.length - 1;
          const target = (node: number) => round.target(node === last ? node - 1 : node);
          return scheme.decide({ ...round, target }, arithmetic, chance);
        },
      };
      return certify(roundLaw(early, rational), problem.target).holds;
    };
    expect(holds(TWO_LEFT)).toBe(true);
    expect(holds(DIFFERENT_ROWS)).toBe(false);
  });

  it('a residual of one token hides shared noise', () => {
    const one: ProblemInput = { vocabulary: 3, target: ['1/2', '3/10', '1/5'], draft: ['1/5', '3/10', '1/2'] };
    expect(judged('shared-noise', one).asClaimed).toBe(true);
    expect(judged('shared-noise', TWO_LEFT).asClaimed).toBe(false);
  });

  it('one drafted token hides the block rule’s faults', () => {
    for (const name of ['block-token-residual', 'block-stops-early']) {
      const fault = faultNamed(name);
      const shorter = problemFrom({ ...fault.reveals, shape: { chain: 1 } });
      expect(exactReport(shorter, ruleNamed('block'), fault).asClaimed).toBe(true);
    }
  });

  it('SPEC-ACCEPT-BOUNDARY: on a grid of uniforms `<` is exact where `<=` lets a token of probability zero pass', () => {
    const problem = problemFrom(faultNamed('coin-at-most').reveals);
    const scheme = schemeFor(problem, ruleNamed('rejection'), EXACT);
    const strict: Scheme<Fraction> = {
      ...scheme,
      decide: (round, arithmetic, chance) =>
        scheme.decide(round, arithmetic, onGrid(chance, { coins: false, draws: false })),
    };
    const [first] = firstLaw(strict, problem);
    expect(first!.toFraction()).toBe('0');
    const faulty = faultyScheme(problem, ruleNamed('rejection'), faultNamed('coin-at-most'));
    expect(firstLaw(faulty, problem)[0]!.compare(0)).toBeGreaterThan(0);
  });
});

describe('not faults', () => {
  const problem = problemFrom(DIFFERENT_ROWS);
  const passes = (input: Problem, rule: string, change: (scheme: Scheme<Fraction>) => Scheme<Fraction> = (e) => e) =>
    certify(roundLaw(change(schemeFor(input, ruleNamed(rule), EXACT)), rational), input.target).holds;
  const asPoints = (scheme: Scheme<Fraction>): Scheme<Fraction> => ({
    ...scheme,
    propose(chance) {
      const { tokens, parents } = scheme.propose(chance);
      return { tokens, parents, laws: tokens.map(() => 'point' as const) };
    },
  });

  it('sample-and-match at temperature above 0', () => expect(passes(problem, 'match')).toBe(true));
  it('a sampled draft verified as a point mass', () => expect(passes(problem, 'rejection', asPoints)).toBe(true));
  it('EAGLE’s q = 1 over a computed top-k tree', () =>
    expect(passes({ ...problem, parents: [-1, -1, 0, 0, 1], drawn: 'top' }, 'eagle')).toBe(true));
  it('block verification that goes on after a failed position', () => {
    const goesOn = (scheme: Scheme<Fraction>) => ({ ...scheme, decide: blockFrom({ goesOn: true, weighted: true }) });
    expect(passes(problem, 'block', goesOn)).toBe(true);
    expect(passes(problem, 'block')).toBe(true);
  });
  it('rejection from its exchangeable steps, none exchanged', () => {
    expect(passes(problem, 'rejection', (scheme) => ({ ...scheme, decide: rejectionFrom({}) }))).toBe(true);
  });
  it('block equals the token rule at K = 1 and for point masses, not at K = 2', () => {
    const accepted = (rule: string, input: Problem) =>
      exactReport(input, ruleNamed(rule)).expectedAccepted.toFraction();
    const one = { ...problem, parents: [-1] };
    const points: Problem = { ...problem, drawn: 'top' };
    expect(accepted('block', one)).toBe(accepted('rejection', one));
    expect(accepted('block', points)).toBe(accepted('rejection', points));
    expect(accepted('block', problem)).not.toBe(accepted('rejection', problem));
  });
});
