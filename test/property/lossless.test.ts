/**
 * Every lossless rule, shown lossless as fractions: each branch of the production code is enumerated, on chains and on
 * trees of every kind of siblings that the rule takes, for random laws with zeros, ties, point masses, equal and
 * disjoint supports.
 */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../src/chance/enumerate.ts';
import { chain, type Drawn } from '../../src/draft/draft.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { kSeq } from '../../src/verify/k-seq.ts';
import { optimalTransport } from '../../src/verify/optimal-transport.ts';
import { recursive } from '../../src/verify/recursive.ts';
import { rejection } from '../../src/verify/rejection.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { RULES } from '../../src/verify/rules.ts';
import { specinfer } from '../../src/verify/specinfer.ts';
import { traversal } from '../../src/verify/traversal.ts';
import { drawDraft, type Problem, problems, roundOf } from '../support/exact-rounds.ts';
import { emittedBy, firstTokenLaw, type Laws, lawsFrom, violation } from '../support/losslessness.ts';

const KINDS: readonly Drawn[] = ['independent', 'without-replacement', 'top'];
const lossless = [...RULES.values()].filter((rule) => rule.lossless === 'law');
const kindsOf = ({ takes: { siblings } }: Rule): readonly Drawn[] =>
  siblings === 'any' ? KINDS : siblings === 'none' ? [] : siblings;

function proves(rule: Rule, shape: 'chain' | 'tree', drawn: Drawn, race = false): void {
  fc.assert(
    fc.property(problems(shape, 256), (problem) => {
      expect(violation(enumerate(rational, roundOf(rule, problem, drawn, race)), problem.p)).toBe(null);
    }),
    { numRuns: 200 },
  );
}

it('these rules claim it', () => {
  const claim = ['match', 'gumbel', 'rejection', 'block', 'specinfer', 'recursive', 'eagle', 'k-seq', 'traversal'];
  expect(lossless.map(({ name }) => name).sort()).toEqual([...claim, 'optimal-transport'].sort());
});

describe('lossless as fractions, on chains', () => {
  for (const rule of lossless) {
    it(`${rule.name}, drafts drawn`, () => proves(rule, 'chain', 'independent'));
    it(`${rule.name}, drafts computed`, () => proves(rule, 'chain', 'top'));
    if (rule.draws === 'race') {
      it(`${rule.name}, drafts that race the target's clocks`, () => proves(rule, 'chain', 'independent', true));
    }
  }
});

describe('lossless as fractions, on trees', () => {
  for (const rule of lossless) {
    for (const drawn of kindsOf(rule)) {
      it(`${rule.name}, siblings ${drawn}`, () => proves(rule, 'tree', drawn));
    }
  }
});

it('the check itself fails: a greedy draft verified with the law of a sampled one', () => {
  // The law of this fault at p = (.6, .4), q = (.8, .2) is (.75, .25), computed by hand.
  const exact = (...law: string[]) => law.map((mass) => new Fraction(mass));
  const [p, q] = [exact('0.6', '0.4'), exact('0.8', '0.2')];
  const outcomes = [...enumerate(rational, (chance) => emittedBy(rejection, chain([0], [q]), () => p, chance))];
  expect(firstTokenLaw(outcomes, 2).map((mass) => mass.toFraction())).toEqual(['3/4', '1/4']);
  expect(violation(outcomes, () => p)).toBe('after [] token 0: 3/4, not 3/5');
});

describe('and the check fails where siblings are not what the rule takes', () => {
  const [p, q] = [
    [4, 3, 2, 1],
    [1, 2, 3, 4],
  ].map((weights) => lawsFrom([weights])) as [Laws, Laws];
  const pair: Problem = { vocabulary: 4, p, q, parents: [-1, -1] };
  const seen = (rule: Rule, drawn: Drawn, handed: Drawn): string | null => {
    const outcomes = enumerate(rational, (chance) =>
      emittedBy(rule, { ...drawDraft(pair, drawn, chance), drawn: handed }, p, chance),
    );
    return violation(outcomes, p);
  };

  const mistaken: [Rule, Drawn, Drawn][] = [
    [specinfer, 'without-replacement', 'independent'],
    [recursive, 'independent', 'without-replacement'],
    [traversal, 'without-replacement', 'independent'],
    [traversal, 'independent', 'without-replacement'],
    [kSeq, 'without-replacement', 'independent'],
    [optimalTransport, 'without-replacement', 'independent'],
  ];
  for (const [rule, drawn, handed] of mistaken) {
    it(`${rule.name}: siblings ${drawn} treated as ${handed}`, () => {
      expect(seen(rule, drawn, handed)).not.toBe(null);
    });
  }

  it('control: the same problem, correct siblings', () => {
    expect(seen(specinfer, 'independent', 'independent')).toBe(null);
    expect(seen(recursive, 'without-replacement', 'without-replacement')).toBe(null);
  });
});
