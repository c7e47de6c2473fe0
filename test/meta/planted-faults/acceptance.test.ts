/**
 * Faults of real engines in acceptance, residual and proposal, each planted as a small variant of the rule or its inputs.
 * The losslessness check must catch every one, and must not flag what only looks like a fault.
 */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { chain, type DraftLaw } from '../../../src/draft/draft.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { type Chance, enumerate, sampled } from '../../../src/numerics/chance.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { residual } from '../../../src/verify/residual.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';
import { rejectionWith } from '../../support/faulty-rejection.ts';
import {
  type ExactRule,
  emittedBy,
  firstTokenLaw,
  type Law,
  type Laws,
  lawsFrom,
  violation,
} from '../../support/losslessness.ts';

type Program = (chance: Chance<Fraction>) => number[];

const law = (...tenths: number[]): Law => tenths.map((probability) => new Fraction(probability));
const rounded = (exact: Law, digits = 3): string[] => exact.map((probability) => probability.valueOf().toFixed(digits));

/** One round: `length` tokens drawn from q, handed over with the law `handed` (default: the one drawn from). */
const roundOf =
  (
    rule: ExactRule,
    p: Laws,
    q: Laws,
    length: number,
    handed: (drawn: Law, prefix: number[]) => DraftLaw<Fraction> = (drawn) => drawn,
  ): Program =>
  (chance) => {
    const tokens: number[] = [];
    const laws: DraftLaw<Fraction>[] = [];
    for (let i = 0; i < length; i++) {
      const drawn = q(tokens);
      laws.push(handed(drawn, [...tokens]));
      tokens.push(chance.draw({ purpose: 'draft', position: i }, drawn));
    }
    return emittedBy(rule, chain(tokens, laws), p, chance);
  };

const fixed =
  (exact: Law): Laws =>
  () =>
    exact;
const P = fixed(law(0.5, 0.3, 0.2));
const Q = fixed(law(0.2, 0.3, 0.5));
/** Laws that differ after every prefix. */
const target = lawsFrom([
  [5, 3, 2],
  [1, 1, 4],
  [2, 5, 1],
  [3, 1, 3],
  [1, 6, 2],
  [4, 2, 3],
  [2, 2, 5],
]);
const drafter = lawsFrom([
  [2, 3, 5],
  [4, 1, 1],
  [1, 2, 5],
  [1, 5, 1],
  [3, 3, 2],
]);

function caught(program: Program, p: Laws): string | null {
  return violation(enumerate(rational, program), p);
}

describe('controls: the check does not flag', () => {
  it.each<[string, Program]>([
    ['rejection', roundOf(rejection, target, drafter, 2)],
    ['rejection from exchangeable steps', roundOf(rejectionWith({}), target, drafter, 2)],
    ['sample-and-match at temperature 1', roundOf(sampleAndMatch, target, drafter, 2)],
    ['a sampled draft verified as a point mass', roundOf(rejection, target, drafter, 2, () => 'point')],
  ])('%s', (_, program) => {
    expect(caught(program, target)).toBe(null);
  });
});

describe('the losslessness check catches', () => {
  it('transformers#28508: the residual goes through a softmax', () => {
    const softmaxed = rejectionWith({
      afterRejection: (p, q, token) =>
        residual(rational, p, q, token).map((excess) => new Fraction(Math.exp(excess.valueOf()))),
    });
    const outcomes = [...enumerate(rational, roundOf(softmaxed, P, Q, 1))];
    expect(violation(outcomes, P)).toMatch(/^after \[\] token 0/);
    expect(rounded(firstTokenLaw(outcomes, 3))).toEqual(['0.321', '0.390', '0.290']); // its signature
  });

  it('a correction drawn from p instead of the residual', () => {
    const resampled = rejectionWith({ afterRejection: (p) => p });
    const outcomes = [...enumerate(rational, roundOf(resampled, P, Q, 1))];
    expect(violation(outcomes, P)).toBe('after [] token 0: 7/20, not 1/2');
    expect(rounded(firstTokenLaw(outcomes, 3))).toEqual(['0.350', '0.390', '0.260']);
  });

  it('transformers#32867, jaymody/speculative-sampling#3: a greedy draft verified with the softmax law', () => {
    const [p, q] = [fixed(law(0.6, 0.4)), law(0.8, 0.2)];
    const outcomes = [...enumerate(rational, (chance) => emittedBy(rejection, chain([0], [q]), p, chance))];
    expect(violation(outcomes, p)).toBe('after [] token 0: 3/4, not 3/5');
  });

  it('transformers#47932, vLLM#10198: drawn from the filtered law, handed over the raw one', () => {
    const p = fixed(law(0.375, 0.625, 0));
    const filtered = fixed(law(0.625, 0.375, 0));
    const outcomes = [
      ...enumerate(
        rational,
        roundOf(rejection, p, filtered, 1, () => law(0.5, 0.3, 0.2)),
      ),
    ];
    expect(violation(outcomes, p)).not.toBe(null);
    expect(rounded(firstTokenLaw(outcomes, 3))).toEqual(['0.469', '0.531', '0.000']);
  });

  it('TensorRT-LLM#12588: the draft laws of other rows', () => {
    const shifted = roundOf(rejection, target, drafter, 2, (_, prefix) => drafter([...prefix, 0]));
    expect(caught(shifted, target)).not.toBe(null);
  });

  it('vllm-ascend#13766: a uniform fixed at 0 accepts every draft', () => {
    const program = roundOf(rejection, P, Q, 1);
    const always: Program = (chance) => program({ ...chance, accept: (_slot, numerator) => numerator.compare(0) > 0 });
    expect(caught(always, P)).toBe('after [] token 0: 1/5, not 1/2');
  });

  it('lattice#243: the first drafted token is committed unverified, at length 1 already', () => {
    const blind = rejectionWith({ accepts: (_p, _q, _token, toss, node) => node === 0 || toss() });
    expect(caught(roundOf(blind, P, Q, 1), P)).toBe('after [] token 0: 1/5, not 1/2');
  });

  it('vllm-ascend#2881: p(x) zeroed in place before it is used', () => {
    const zeroed = rejectionWith({
      accepts: () => false,
      afterRejection: (p, q, token) =>
        residual(
          rational,
          p.map((mass, i) => (i === token ? rational.zero : mass)),
          q,
          token,
        ),
    });
    const [p, q] = [fixed(law(0.4, 0.4, 0.2)), fixed(law(0.2, 0.2, 0.6))];
    expect(caught(roundOf(zeroed, p, q, 1), p)).not.toBe(null);
  });

  it('transformers#28166: drafted tokens verified with the row after them', () => {
    expect(caught(roundOf(rejectionWith({ row: (node) => node }), target, drafter, 2), target)).not.toBe(null);
  });

  it('the bonus token drawn from the law one row too early', () => {
    const early = rejectionWith({ afterAll: (last) => last - 1 });
    expect(caught(roundOf(early, target, drafter, 1), target)).not.toBe(null);
    // Laws that are the same at every row hide it: why the check's laws differ after every prefix.
    expect(caught(roundOf(early, P, Q, 1), P)).toBe(null);
  });

  it('acceptance by twice the ratio (passes a test of one position by |KL| < 0.01)', () => {
    const lenient: Program = (chance) =>
      roundOf(rejection, P, Q, 1)({ ...chance, accept: (slot, p, q) => chance.accept(slot, p.mul(2), q) });
    expect(caught(lenient, P)).not.toBe(null);
  });

  it('vLLM#47386: draft and recovery share their noise', () => {
    // Every border of both cumulative laws is a multiple of 1/20: the middles of twenty cells enumerate a uniform exactly.
    const [p, q] = [fixed(law(0.4, 0.3, 0.2, 0.1)), fixed(law(0.1, 0.2, 0.3, 0.4))];
    const cells = Array.from({ length: 20 }, (_, i) => new Fraction(2 * i + 1, 40));
    const pick = (uniform: Fraction, weights: ArrayLike<Fraction>): number => {
      const all = Array.from(weights);
      const total = all.reduce((a, b) => a.add(b));
      let cumulative = new Fraction(0);
      return all.findIndex((weight) => {
        cumulative = cumulative.add(weight);
        return uniform.mul(total).compare(cumulative) < 0;
      });
    };
    const withNoise =
      (shared: boolean): Program =>
      (chance) => {
        const fresh = () =>
          cells[
            chance.draw(
              { purpose: 'draft', position: 0 },
              cells.map(() => rational.one),
            )
          ]!;
        const noise = fresh();
        return roundOf(
          rejection,
          p,
          q,
          1,
        )({
          ...chance,
          draw: ({ purpose }, weights) =>
            purpose === 'target'
              ? chance.draw({ purpose, position: 0 }, weights)
              : pick(shared || purpose === 'draft' ? noise : fresh(), weights),
        });
      };
    expect(caught(withNoise(false), p)).toBe(null);
    expect(caught(withNoise(true), p)).not.toBe(null);
  });
});

describe('the boundary check catches what no law shows', () => {
  const zeroChance = { uniform: () => 0 };
  /** Whether a coin at u = 0 accepts a token that the target can never emit. */
  const acceptsImpossible = (chance: Chance<number>) => chance.accept({ purpose: 'accept', position: 0 }, 0, 0.5);
  const drawsImpossible = (chance: Chance<number>) => chance.draw({ purpose: 'residual', position: 0 }, [0, 1]) === 0;

  it('SGLang#35771: `coin <= probability` accepts a token of probability zero, and the wrong bucket of a law', () => {
    const faulty: Chance<number> = {
      ...sampled(zeroChance),
      accept: (_slot, numerator, denominator) => zeroChance.uniform() * denominator <= numerator,
      draw(_slot, weights) {
        let cumulative = 0;
        return Array.from(weights).findIndex((weight) => {
          cumulative += weight;
          return zeroChance.uniform() <= cumulative;
        });
      },
    };
    expect([acceptsImpossible(faulty), drawsImpossible(faulty)]).toEqual([true, true]);
    const production = sampled(zeroChance);
    expect([acceptsImpossible(production), drawsImpossible(production)]).toEqual([false, false]);
  });
});
