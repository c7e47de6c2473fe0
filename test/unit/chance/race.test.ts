import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { type Slot, sampled } from '../../../src/chance/chance.ts';
import { enumerate } from '../../../src/chance/enumerate.ts';
import { raceWinner } from '../../../src/chance/race.ts';
import { jointRaceLaw, raceProbability } from '../../../src/chance/race-law.ts';
import { type RecordedDraw, recordingTape, replayedTape, seededTape } from '../../../src/chance/tape.ts';
import { LawError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';

const slot: Slot = { purpose: 'target', position: 3 };
const fractions = (...texts: string[]): Fraction[] => texts.map((text) => new Fraction(text));
const ALMOST_ONE = 1 - 2 ** -53;

describe('raceWinner', () => {
  it('is the first clock to ring: -log(1 - u) / w', () => {
    // Clocks ring at .693 / .5, 1.386 / .9 and 0.288 / .1.
    const clocks = [0.5, 0.75, 0.25];
    expect(raceWinner([0.5, 0.9, 0.1], (token) => clocks[token]!)).toBe(0);
    expect(raceWinner([0.4, 0.9, 0.1], (token) => clocks[token]!)).toBe(1);
    expect(raceWinner([0.4, 0.9, 0.4], (token) => clocks[token]!)).toBe(2);
  });

  it('never lets a token of weight zero win, nor asks for its clock', () => {
    const asked: number[] = [];
    const clock = (token: number): number => asked.push(token) * 0;
    expect(raceWinner([0, 0.5, 0, 0.5], clock)).toBe(1); // both ring at 0: the lowest
    expect(asked).toEqual([1, 3]);
    expect(raceWinner([0, 5e-324], () => ALMOST_ONE)).toBe(1); // rings at infinity, and is alone
  });

  it.each([
    [[], 'sum of weights'],
    [[0, 0], 'sum of weights'],
    [[0.5, -0.5], 'weight 1'],
    [[Number.NaN], 'weight 0'],
    [[Number.POSITIVE_INFINITY], 'weight 0'],
  ])('refuses %j', (weights, label) => {
    expect(() => raceWinner(weights, () => 0.5)).toThrow(LawError);
    expect(() => raceWinner(weights, () => 0.5)).toThrow(label);
  });
});

describe('a race as a chance', () => {
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

  it('other slots have clocks of their own', () => {
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

  it('refuses what is no law', () => {
    const run = (law: Fraction[]) => () => [
      ...enumerate(rational, (chance) => [chance.race(slot, p), chance.race(slot, law)]),
    ];
    expect(run(fractions('0', '0', '0'))).toThrow(LawError);
    expect(run(fractions('1', '-1', '1'))).toThrow(LawError);
    expect(run(fractions('1', '1'))).toThrow(new LawError('weights', '3 as in the race before', '2'));
    expect(run(fractions('1', '1', '1', '0'))).toThrow(new LawError('weights', '3 as in the race before', '4'));
  });

  it('sampled: clocks by position and token, whoever asks; recorded and replayed', () => {
    const weights = [0.2, 0, 0.5, 0.3];
    const record: RecordedDraw[] = [];
    const chance = sampled(recordingTape(seededTape(5), record));
    const winner = chance.race(slot, weights);
    const again = sampled(seededTape(5));
    again.draw({ purpose: 'target', position: 9 }, weights); // does not move the clocks
    again.race({ purpose: 'target', position: 8 }, weights);
    expect(again.race(slot, [0.2, 0.1, 0.5, 0.2])).toBeTypeOf('number');
    expect(again.race(slot, weights)).toBe(winner);
    expect(record.map(({ purpose, position, token }) => [purpose, position, token])).toEqual([
      ['target', 3, 0],
      ['target', 3, 2],
      ['target', 3, 3],
    ]);
    expect(sampled(replayedTape(record)).race(slot, weights)).toBe(winner);
    expect(() => sampled(replayedTape(record)).race(slot, [1, 1, 1, 1])).toThrow('target@3 clock 1');
  });
});
