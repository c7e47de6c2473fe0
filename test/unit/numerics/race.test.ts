import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { LawError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import { enumerate, type Slot, sampled } from '../../../src/numerics/chance.ts';
import { raceWinner } from '../../../src/numerics/race.ts';
import { jointRaceLaw, raceProbability } from '../../../src/numerics/race-law.ts';
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

describe('raceProbability', () => {
  it('by hand: three laws, each won by another token', () => {
    // Token 2 rings first, at z, tokens 0 and 1 within 2 z: int e^-z (e^-z - e^-2z)^2 dz = 1/3 - 2/4 + 1/5.
    const laws = [fractions('1', '1', '1'), fractions('2', '1', '1'), fractions('1', '2', '1')];
    expect(raceProbability(rational, laws, [2, 0, 1]).toFraction()).toBe('1/30');
    expect(
      raceProbability(
        float64,
        [
          [1, 1, 1],
          [2, 1, 1],
          [1, 2, 1],
        ],
        [2, 0, 1],
      ),
    ).toBeCloseTo(1 / 30, 14);
  });

  it('by hand: four laws, and losers that any of them may hold up', () => {
    // int e^-z (e^-z - e^-2z)^3 dz = 1/4 - 3/5 + 3/6 - 1/7.
    const laws = [
      [1, 1, 1, 1],
      [2, 1, 1, 1],
      [1, 2, 1, 1],
      [1, 1, 2, 1],
    ].map((law) => law.map((w) => new Fraction(w)));
    expect(raceProbability(rational, laws, [3, 0, 1, 2]).toFraction()).toBe('1/140');
    // Token 2 is held up by both: 0 first by p, 1 by q, E1 in [E0, 2 E0], E2 >= max(E0, 3/2 E1) for its weights (1, 3) and
    // q = (1, 2, 3). int e^-x int_x^2x e^-y e^-(3/2 y) dy dx = 2/5 (2/7 - 1/6).
    const [p, q] = [fractions('1', '1', '1'), fractions('1', '2', '3')];
    expect(raceProbability(rational, [p, q], [0, 1]).toFraction()).toBe('1/21');
  });

  const size = fc.integer({ min: 1, max: 4 });
  const lawsOf = (count: number) =>
    size.chain((tokens) => {
      const law = fc.array(fc.nat(4), { minLength: tokens, maxLength: tokens }).filter((w) => w.some((x) => x > 0));
      return fc.array(law, { minLength: count, maxLength: count });
    });
  const exact = (law: readonly number[]): Fraction[] => law.map((weight) => new Fraction(weight));

  it('summed over the winner of one law it is that of the others; the order of laws does not matter', () => {
    fc.assert(
      fc.property(lawsOf(3), fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }), (weights, seeds) => {
        const laws = weights.map(exact);
        const winners = seeds.map((seed) => seed % laws[0]!.length);
        const [first, second] = [laws.slice(0, 2), winners.slice(0, 2)];
        const sum = total(laws[0]!.map((_, token) => raceProbability(rational, laws, [...second, token])));
        expect(sum.toFraction()).toBe(raceProbability(rational, first, second).toFraction());
        const turned = raceProbability(rational, [...laws].reverse(), [...winners].reverse());
        expect(turned.toFraction()).toBe(raceProbability(rational, laws, winners).toFraction());
        const rounded = raceProbability(float64, weights, winners);
        expect(rounded).toBeCloseTo(rational.toNumber(turned), 12);
      }),
      { numRuns: 300 },
    );
  });

  it('is the law of sampled races under four laws', () => {
    const laws = [
      [0.4, 0.1, 0.3, 0.2],
      [0.1, 0.5, 0, 0.4],
      [0.25, 0.25, 0.25, 0.25],
      [0.1, 0.1, 0.7, 0.1],
    ];
    const chance = sampled(seededTape(12));
    const counts = new Map<string, number>();
    const runs = 40_000;
    for (let position = 0; position < runs; position++) {
      const key = laws.map((law) => chance.race({ purpose: 'target', position }, law)).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    let seen = 0;
    for (const [key, count] of counts) {
      const mass = raceProbability(float64, laws, key.split(' ').map(Number));
      seen += mass;
      // Six standard deviations, and one more race: the normal law is no good for what is seen once.
      expect(Math.abs(count / runs - mass)).toBeLessThanOrEqual(6 * Math.sqrt((mass * (1 - mass)) / runs) + 1 / runs);
    }
    expect(seen).toBeGreaterThan(0.999);
    expect(seen).toBeLessThanOrEqual(1 + 1e-12);
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
