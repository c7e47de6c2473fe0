import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { LawError, UnsupportedError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import { enumerate, type Slot, sampled } from '../../../src/numerics/chance.ts';
import { jointRaceLaw, raceWinner } from '../../../src/numerics/race.ts';
import { type RecordedDraw, recordingTape, replayedTape, seededTape } from '../../../src/numerics/tape.ts';

const slot: Slot = { purpose: 'target', position: 3 };
const fractions = (...texts: string[]): Fraction[] => texts.map((text) => new Fraction(text));
const total = (terms: readonly Fraction[]): Fraction => terms.reduce((a, b) => a.add(b), new Fraction(0));
const shown = (law: Fraction[][]): string[][] => law.map((row) => row.map((mass) => mass.toFraction()));
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

describe('jointRaceLaw', () => {
  it('by hand: two tokens', () => {
    // p = (1/2, 1/2), q = (1/4, 3/4). Both 0: 1 / max(1, 1) + max(1, 3) = 1/4. Both 1: 1 / (max(1, 1/3) + 1) = 1/2.
    // First 0 then 1: 1/2 - 1/4. First 1 then 0 would need clock 0 to gain from a smaller weight: never.
    expect(shown(jointRaceLaw(rational, fractions('1/2', '1/2'), fractions('1/4', '3/4')))).toEqual([
      ['1/4', '1/4'],
      ['0', '1/2'],
    ]);
  });

  it('by hand: three tokens, an integral of two pieces', () => {
    // p = (1/2, 1/4, 1/4), q = (1/4, 1/4, 1/2): 0 then 2 for r in [1/2, 2], and token 1 changes sides at r = 1.
    // 1/4 [int_(1/2)^1 dr / (3/4 + r/2)^2 + int_1^2 dr / (1/2 + 3r/4)^2] = 1/4 [2/5 + 2/5] = 1/5.
    const law = jointRaceLaw(rational, fractions('1/2', '1/4', '1/4'), fractions('1/4', '1/4', '1/2'));
    expect(law[0]![2]!.toFraction()).toBe('1/5');
    expect(law[2]![0]!.toFraction()).toBe('0');
    expect(law[0]![0]!.toFraction()).toBe('1/4'); // 1 / (1 + 1 + 2)
  });

  it('by hand: disjoint and equal supports, where an end of the integral is 0 or infinity', () => {
    expect(shown(jointRaceLaw(rational, fractions('1', '0'), fractions('0', '1')))).toEqual([
      ['0', '1'],
      ['0', '0'],
    ]);
    expect(shown(jointRaceLaw(rational, fractions('1/3', '2/3'), fractions('1/3', '2/3')))).toEqual([
      ['1/3', '0'],
      ['0', '2/3'],
    ]);
  });

  const weights = fc.integer({ min: 1, max: 5 }).chain((size) => {
    const row = fc.array(fc.nat(5), { minLength: size, maxLength: size }).filter((w) => w.some((x) => x > 0));
    return fc.tuple(row, row);
  });
  const normal = (row: readonly number[]): Fraction[] => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((w) => new Fraction(w, sum));
  };

  it('has both laws as its marginals, exactly, and is symmetric', () => {
    fc.assert(
      fc.property(weights, ([p, q]) => {
        const law = jointRaceLaw(
          rational,
          p.map((w) => new Fraction(w)),
          q.map((w) => new Fraction(w)),
        );
        expect(law.map((row) => total(row).toFraction())).toEqual(
          normal(p)
            .map(String)
            .map((_, i) => normal(p)[i]!.toFraction()),
        );
        const columns = q.map((_, j) => total(law.map((row) => row[j]!)).toFraction());
        expect(columns).toEqual(normal(q).map((mass) => mass.toFraction()));
        const back = jointRaceLaw(rational, normal(q), normal(p));
        expect(shown(back)).toEqual(shown(q.map((_, j) => law.map((row) => row[j]!))));
      }),
      { numRuns: 300 },
    );
  });

  it('is the law of sampled races, and float64 agrees with fractions', () => {
    const [p, q] = [
      [0.4, 0.1, 0.3, 0.2],
      [0.1, 0.5, 0, 0.4],
    ];
    const law = jointRaceLaw(float64, p!, q!);
    const exact = jointRaceLaw(rational, normal([4, 1, 3, 2]), normal([1, 5, 0, 4]));
    const chance = sampled(seededTape(11));
    const counts = p!.map(() => q!.map(() => 0));
    const runs = 40_000;
    for (let position = 0; position < runs; position++) {
      const at: Slot = { purpose: 'target', position };
      counts[chance.race(at, p!)]![chance.race(at, q!)]! += 1;
    }
    law.forEach((row, i) => {
      row.forEach((mass, j) => {
        expect(mass).toBeCloseTo(exact[i]![j]!.valueOf(), 14);
        // Six standard deviations.
        const spread = 6 * Math.sqrt((mass * (1 - mass)) / runs);
        expect(Math.abs(counts[i]![j]! / runs - mass)).toBeLessThanOrEqual(spread);
      });
    });
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

  it('other slots have clocks of their own', () => {
    const other: Slot = { purpose: 'target', position: 4 };
    const branches = [...enumerate(rational, (chance) => `${[chance.race(slot, p), chance.race(other, p)]}`)];
    expect(branches.length).toBe(9);
    expect(branches[0]!.probability.toFraction()).toBe('1/4');
  });

  it('three laws in one slot cannot be enumerated', () => {
    const run = () => [...enumerate(rational, (chance) => [p, q, third].map((law) => chance.race(slot, law)))];
    expect(run).toThrow(UnsupportedError);
    expect(run).toThrow('race at target@3: expected at most two different laws on one set of clocks');
    expect(run).toThrow(/ when all branches are enumerated, got a third$/);
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
