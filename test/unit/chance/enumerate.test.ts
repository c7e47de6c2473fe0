import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { enumerate, enumerateThinned } from '../../../src/chance/enumerate.ts';
import type { Slot } from '../../../src/chance/slot.ts';
import { LawError } from '../../../src/errors.ts';
import { float64, rational, sum } from '../../../src/numerics/arithmetic.ts';

const slot: Slot = { purpose: 'target', position: 0 };

describe('enumerate', () => {
  const half = [new Fraction(1, 2), new Fraction(1, 2)];

  it('a program without choices has one branch of probability one', () => {
    expect([...enumerate(float64, () => 'done')]).toMatchObject([{ probability: 1, outcome: 'done' }]);
  });

  it('coins: min(1, p / q), none where it is certain', () => {
    const law = (p: number, q: number) =>
      [...enumerate(float64, (chance) => chance.accept(slot, p, q))].map((b) => [b.outcome, b.probability]);
    expect(law(1, 4)).toEqual([
      [false, 0.75],
      [true, 0.25],
    ]);
    expect(law(0, 1)).toEqual([[false, 1]]);
    expect(law(2, 1)).toEqual([[true, 1]]);
    expect(law(1, 1)).toEqual([[true, 1]]);
    expect(law(0, 0)).toEqual([[false, 1]]); // as sampled: a numerator of zero is never accepted
  });

  it('a geometric law of stopped coins, by hand: 1/3, 2/9, 4/27, and 8/27 for none', () => {
    const branches = enumerate(rational, (chance) => {
      for (let toss = 0; toss < 3; toss++) if (chance.accept(slot, new Fraction(1), new Fraction(3))) return toss;
      return -1;
    });
    const law = Object.fromEntries([...branches].map((b) => [b.outcome, b.probability.toFraction()]));
    expect(law).toEqual({ 0: '1/3', 1: '2/9', 2: '4/27', '-1': '8/27' });
  });

  it('leaves out branches of probability zero and normalises weights', () => {
    const weights = [0, 3, 0, 1].map((w) => new Fraction(w));
    const branches = [...enumerate(rational, (chance) => chance.draw(slot, weights))];
    expect(branches.map((b) => `${b.outcome}: ${b.probability.toFraction()}`)).toEqual(['1: 3/4', '3: 1/4']);
  });

  it('sums to one for programs whose choices depend on earlier ones', () => {
    const weights = fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }).filter((w) => w.some((x) => x > 0));
    fc.assert(
      fc.property(fc.array(weights, { minLength: 1, maxLength: 5 }), fc.nat(4), (laws, length) => {
        const branches = enumerate(rational, (chance) => {
          let state = 0;
          for (let i = 0; i < length; i++) {
            const law = laws[state % laws.length]!.map((w) => new Fraction(w));
            state = state * 2 + chance.draw(slot, law) + (chance.accept(slot, law[0]!, new Fraction(5)) ? 1 : 0);
          }
          return state;
        });
        const total = sum(
          rational,
          [...branches].map((b) => b.probability),
        );
        expect(total.toFraction()).toBe('1');
      }),
    );
  });

  it('refuses laws without mass or with a negative weight', () => {
    const run = (law: Fraction[]) => () => [...enumerate(rational, (chance) => chance.draw(slot, law))];
    const noMass = new LawError('sum of weights', 'above 0', '0');
    expect(run([new Fraction(0)])).toThrow(noMass);
    expect(run([])).toThrow(noMass);
    expect(run([new Fraction(2), new Fraction(-1)])).toThrow(new LawError('weight 1', 'at least 0', '-1'));
    expect(run(half)).not.toThrow();
  });
});

describe('a thinned enumeration', () => {
  const even = (size: number) => new Array<number>(size).fill(1);

  it('follows representatives only, with what they stand for multiplied along a branch', () => {
    const program = enumerateThinned(
      float64,
      (chance) => [chance.draw(slot, even(4)), chance.draw(slot, even(3))],
      (alternatives) => [{ ...alternatives()[1]!, standsFor: alternatives().length }],
    );
    expect([...program]).toEqual([{ probability: 1 / 12, outcome: [1, 1], standsFor: 12 }]);
  });

  it('is told how many branches come to a choice, and asked once per choice', () => {
    const asked: number[] = [];
    const program = enumerateThinned(
      float64,
      (chance) => chance.draw(slot, even(2)) + chance.draw(slot, even(3)),
      (alternatives, standsFor) => {
        asked.push(standsFor);
        const [first, ...others] = alternatives();
        return [
          { ...first!, standsFor: 1 },
          { ...others[0]!, standsFor: others.length },
        ];
      },
    );
    expect([...program].map((branch) => branch.standsFor)).toEqual([1, 2, 1, 2]);
    expect(asked).toEqual([1, 1, 1]);
  });

  it('takes a choice among very many in one pass over them', () => {
    const weights = even(300_000);
    let last = -1;
    for (const { outcome } of enumerate(float64, (chance) => chance.draw(slot, weights))) last = outcome;
    expect(last).toBe(299_999); // copying what is left at each step would take hours
  });
});
