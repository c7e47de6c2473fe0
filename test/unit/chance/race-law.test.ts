/** Exact laws of races: by hand, by their marginals, and by sampled races. */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { jointRaceLaw, raceProbability } from '../../../src/chance/race-law.ts';
import { sampled } from '../../../src/chance/sampled.ts';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import type { Slot } from '../../../src/chance/slot.ts';
import { LawError, ShapeError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';

const fractions = (...texts: string[]): Fraction[] => texts.map((text) => new Fraction(text));
const total = (terms: readonly Fraction[]): Fraction => terms.reduce((a, b) => a.add(b), new Fraction(0));
const shown = (law: Fraction[][]): string[][] => law.map((row) => row.map((mass) => mass.toFraction()));

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
    // Token 2 is held up by both: 0 first by p, 1 by q, E1 in [E0, 2 E0], E2 >= max(E0, 3/2 E1) for its weights (1, 3)
    // and q = (1, 2, 3). int e^-x int_x^2x e^-y e^-(3/2 y) dy dx = 2/5 (2/7 - 1/6).
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
      // Six standard deviations, and one more race: the normal approximation fails for what is seen once.
      expect(Math.abs(count / runs - mass)).toBeLessThanOrEqual(6 * Math.sqrt((mass * (1 - mass)) / runs) + 1 / runs);
    }
    expect(seen).toBeGreaterThan(0.999);
    expect(seen).toBeLessThanOrEqual(1 + 1e-12);
  });

  it('refuses by name what is not a race', () => {
    const run = (laws: number[][], winners: number[]) => () => raceProbability(float64, laws, winners);
    expect(run([], [])).toThrow(new ShapeError('races', 'at least one law', 'none'));
    expect(run([[1, 1]], [])).toThrow(new ShapeError('winners', '1', '0'));
    expect(run([[1, 1], [1]], [0, 0])).toThrow(new ShapeError('law 1', '2 weights, as in the first', '1'));
    expect(run([[1, 1]], [2])).toThrow(new ShapeError('winner 0', 'a token below 2', '2'));
    expect(run([[1, -1]], [0])).toThrow(new LawError('law 0, weight 1', 'at least 0', '-1'));
    expect(run([[-1, 1]], [0])).toThrow(new LawError('law 0, weight 0', 'at least 0', '-1'));
    expect(run([[1, Number.NaN]], [0])).toThrow(new LawError('law 0, weight 1', 'at least 0', 'NaN'));
    expect(() => jointRaceLaw(float64, [1, 1], [1])).toThrow(ShapeError);
  });
});
