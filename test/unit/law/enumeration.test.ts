/** Laws of one round, computed by hand. */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { certify, identitiesOf } from '../../../src/law/certificate.ts';
import {
  expectedAccepted,
  firstTokenLaw,
  outcomeLaw,
  prefixLaw,
  type RoundLaw,
  roundLaw,
  textVariation,
  totalVariation,
} from '../../../src/law/enumeration.ts';
import { exactReport } from '../../../src/law/exact-report.ts';
import { EXACT, ROUNDED } from '../../../src/law/numbers.ts';
import { type ProblemInput, problemFrom } from '../../../src/law/problem-input.ts';
import { schemeFor } from '../../../src/law/scheme.ts';
import { longestRound } from '../../../src/law/shape.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import { ruleNamed } from '../../../src/verify/rules.ts';

const input: ProblemInput = { vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] };
const problem = problemFrom(input);
const shown = (law: Iterable<[string, { toFraction(): string }]>) =>
  Object.fromEntries([...law].map(([key, probability]) => [key, probability.toFraction()]));

describe('one drafted token by rejection, p = (3/5, 2/5), q = (4/5, 1/5)', () => {
  const law = roundLaw(schemeFor(problem, ruleNamed('rejection'), EXACT), rational);

  it('blocks: 0 is accepted with 3/4 and corrected to 1, 1 is accepted always', () => {
    expect(shown(law.blocks)).toEqual({ '1': '1/5', '0 0': '9/25', '0 1': '6/25', '1 0': '3/25', '1 1': '2/25' });
    expect(law.accepted.map((mass) => mass.toFraction())).toEqual(['1/5', '4/5']);
    expect(expectedAccepted(law).toFraction()).toBe('4/5');
    expect(law.branches).toBe(5);
  });

  it('identities, shortest prefixes first', () => {
    const identities = [...identitiesOf(prefixLaw(law), problem.target)].map(
      ({ prefix, token, left, right }) => `${prefix.join(' ')}|${token}: ${left.toFraction()} ${right.toFraction()}`,
    );
    expect(identities).toEqual([
      '|0: 3/5 3/5',
      '|1: 2/5 2/5',
      '0|0: 9/25 9/25',
      '0|1: 6/25 6/25',
      '1|0: 3/25 3/25',
      '1|1: 2/25 2/25',
    ]);
  });

  it('the joint law of drafts, acceptance and text', () => {
    const joint = outcomeLaw(schemeFor(problem, ruleNamed('rejection'), EXACT), rational);
    expect(joint.get('0|-1|0|1')!.probability.toFraction()).toBe('1/5');
    const total = [...joint.values()].reduce((sum, { probability }) => sum.add(probability), new Fraction(0));
    expect(total.toFraction()).toBe('1');
  });

  it('in float64 it is the same to rounding', () => {
    const rounded = roundLaw(schemeFor(problem, ruleNamed('rejection'), ROUNDED), float64);
    for (const [key, mass] of law.blocks) expect(rounded.blocks.get(key)).toBeCloseTo(mass.valueOf(), 15);
  });
});

describe('distances', () => {
  const blocks = (entries: Record<string, string>): RoundLaw<Fraction> => ({
    blocks: new Map(Object.entries(entries).map(([key, mass]) => [key, new Fraction(mass)])),
    accepted: [],
    branches: 0,
  });

  it('of the first token', () => {
    const law = firstTokenLaw(blocks({ '0': '1/2', '0 1': '1/4', '1 1': '1/4' }), 2);
    expect(law.map((mass) => mass.toFraction())).toEqual(['3/4', '1/4']);
    expect(totalVariation(law, problem.target([])).toFraction()).toBe('3/20');
  });

  it('of texts: a first token can be right where the second is not', () => {
    const coupled = blocks({ '0 0': '3/5', '1 1': '2/5' });
    expect(totalVariation(firstTokenLaw(coupled, 2), problem.target([])).toFraction()).toBe('0');
    // |3/5 - 9/25| + |0 - 6/25| + |0 - 6/25| + |2/5 - 4/25|, halved
    expect(textVariation(coupled, problem.target).toFraction()).toBe('12/25');
    const certificate = certify(coupled, problem.target);
    expect(certificate.holds ? null : certificate.violated.prefix).toEqual([0]);
  });

  it('of texts of unequal length: what is short goes on plainly', () => {
    expect(textVariation(blocks({ '0': '3/5', '1 0': '6/25', '1 1': '4/25' }), problem.target).toFraction()).toBe('0');
  });
});

it('the worked example of block verification: p = (1/3, 2/3), q = (2/3, 1/3) twice, 11/9 against 10/9', () => {
  // Sun et al. 2024, arXiv 2403.10444, section 2
  const same = problemFrom({ vocabulary: 2, target: ['1/3', '2/3'], draft: ['2/3', '1/3'], shape: { chain: 2 } });
  expect(exactReport(same, ruleNamed('rejection')).expectedAccepted.toFraction()).toBe('10/9');
  expect(exactReport(same, ruleNamed('block')).expectedAccepted.toFraction()).toBe('11/9');
});

it('the longest round is one more than the depth', () => {
  expect(longestRound({ parents: [] })).toBe(1);
  expect(longestRound({ parents: [-1, -1, 0, 2] })).toBe(4);
});

it('a node without a token left is missing, with its subtree', () => {
  const narrow = problemFrom({
    ...input,
    draft: ['1', '0'],
    shape: { parents: [-1, -1, 0, 1] },
    drawn: 'without-replacement',
  });
  const joint = outcomeLaw(schemeFor(narrow, ruleNamed('recursive'), EXACT), rational);
  expect(new Set([...joint.values()].map(({ outcome }) => `${outcome.parents}`))).toEqual(new Set(['-1,0']));
});
