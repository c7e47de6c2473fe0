import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../../src/chance/enumerate.ts';
import { jointRaceLaw, raceProbability } from '../../../src/chance/race-law.ts';
import type { Slot } from '../../../src/chance/slot.ts';
import { LawError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';

const slot: Slot = { purpose: 'target', position: 3 };
const fractions = (...texts: string[]): Fraction[] => texts.map((text) => new Fraction(text));

describe('conditional races', () => {
  const [p, q, third] = [fractions('1/2', '1/4', '1/4'), fractions('1/4', '1/4', '1/2'), fractions('1', '1', '1')];

  it('enumerated: the joint law of two winners, the same winner under the same law', () => {
    const joint = new Map<string, Fraction>();
    const program = enumerate(rational, (chance) => {
      const winners = [chance.race(slot, p), chance.race(slot, q), chance.race(slot, p), chance.race(slot, q)];
      return `${winners}`;
    });
    for (const { probability, outcome } of program) joint.set(outcome, probability);
    const expected = jointRaceLaw(rational, p, q).flatMap((row, i) =>
      row.flatMap((mass, j): [string, string][] => (mass.equals(0) ? [] : [[`${[i, j, i, j]}`, mass.toFraction()]])),
    );
    expect(new Map([...joint].map(([key, mass]) => [key, mass.toFraction()]))).toEqual(new Map(expected));
  });

  it('in float64 too the first race is a plain draw, and the same law has the same winner without a branch of rounding', () => {
    const law = [0.1, 0.7, 0.15, 0.05];
    const twice = [...enumerate(float64, (chance) => [law, [...law]].map((weights) => chance.race(slot, weights)))];
    const drawn = [...enumerate(float64, (chance) => chance.draw(slot, law))];
    expect(twice.map(({ outcome }) => outcome)).toEqual(drawn.map(({ outcome }) => [outcome, outcome]));
    expect(twice.map(({ probability }) => probability)).toEqual(drawn.map(({ probability }) => probability));
    // A law that was raced second is known again, too.
    const other = [0.3, 0.3, 0.3, 0.1];
    const program = (laws: number[][]) =>
      enumerate(float64, (chance) => laws.map((weights) => chance.race(slot, weights)));
    expect([...program([law, other, other, law])].length).toBe([...program([law, other])].length);
  });

  it('other slots have separate clocks', () => {
    const other: Slot = { purpose: 'target', position: 4 };
    const branches = [...enumerate(rational, (chance) => `${[chance.race(slot, p), chance.race(other, p)]}`)];
    expect(branches.length).toBe(9);
    expect(branches[0]!.probability.toFraction()).toBe('1/4');
  });

  it('three laws in one slot: each race given the winners before', () => {
    const joint = new Map<string, string>();
    const program = enumerate(rational, (chance) => [p, q, third, q].map((law) => chance.race(slot, law)));
    for (const { probability, outcome } of program) joint.set(`${outcome}`, probability.toFraction());
    const tokens = [0, 1, 2];
    for (const [i, j, k] of tokens.flatMap((i) => tokens.flatMap((j) => tokens.map((k) => [i, j, k] as const)))) {
      const expected = raceProbability(rational, [p, q, third], [i, j, k]);
      expect(joint.get(`${[i, j, k, j]}`) ?? '0').toBe(expected.toFraction());
    }
  });

  it('refuses weights that are not a distribution', () => {
    const run = (law: Fraction[]) => () => [
      ...enumerate(rational, (chance) => [chance.race(slot, p), chance.race(slot, law)]),
    ];
    expect(run(fractions('0', '0', '0'))).toThrow(LawError);
    expect(run(fractions('1', '-1', '1'))).toThrow(LawError);
    expect(run(fractions('1', '1'))).toThrow(new LawError('weights', '3 as in the race before', '2'));
    expect(run(fractions('1', '1', '1', '0'))).toThrow(new LawError('weights', '3 as in the race before', '4'));
  });
});
