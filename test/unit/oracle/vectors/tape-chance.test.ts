import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { exactlySampled, withMargin } from '../../../../src/oracle/vectors/tape-chance.ts';

const tapeOf = (...uniforms: number[]) => ({ uniform: () => uniforms.shift()! });
const clocks = (...uniforms: number[]) => ({ uniform: ({ token }: { token?: number }) => uniforms[token!]! });
const coin = { purpose: 'accept', position: 0 } as const;
const draw = { purpose: 'residual', position: 0 } as const;
const race = { purpose: 'target', position: 0 } as const;

describe('margins, by hand', () => {
  it.each<[string, number, number, number, boolean, number]>([
    // u b = 1/4 against a = 1/2: (1/2 - 1/4) / (1/2)
    ['a coin that is accepted', 0.25, 0.5, 1, true, 0.5],
    ['a coin on its boundary', 0.5, 0.25, 0.5, false, 0],
    ['u = 0 and probability 0', 0, 0, 0.5, false, 0],
    ['probability 0 at another u', 0.5, 0, 0.5, false, 1],
  ])('%s', (_, uniform, numerator, denominator, accepted, margin) => {
    const metered = withMargin(tapeOf(uniform));
    expect(metered.chance.accept(coin, numerator, denominator)).toBe(accepted);
    expect(metered.margin()).toBe(margin);
  });

  it.each<[string, number, number[], number, number]>([
    ['a draw between edges at 1/4 and 3/4', 0.375, [0.25, 0.5, 0.25], 1, 0.125],
    ['weights that do not sum to one: edges at 1/4 and 3/4 of the total', 0.375, [1, 2, 1], 1, 0.125],
    ['a draw on an edge', 0.25, [0.25, 0.5, 0.25], 1, 0],
    ['u = 0 with a first token of weight zero', 0, [0, 0.5, 0.5], 1, 0],
    ['u = 0 with a first token that has weight', 0, [0.5, 0.5], 0, 0.5],
    ['one possible token', 0.99, [0, 1, 0], 1, 0.99],
  ])('%s', (_, uniform, weights, token, margin) => {
    const metered = withMargin(tapeOf(uniform));
    expect(metered.chance.draw(draw, weights)).toBe(token);
    expect(metered.margin()).toBe(margin);
  });

  it('a race: the earlier clock against the next', () => {
    // Clocks ring at ln 2 / p: with p = 1/2 and 1/4 at u = 1/2 the second takes twice as long.
    const metered = withMargin(clocks(0.5, 0.5, 0.5));
    expect(metered.chance.race(race, [0.5, 0.25, 0])).toBe(0);
    expect(metered.margin()).toBeCloseTo(0.5, 15);
  });

  it('a race in which two clocks ring at once', () => {
    const metered = withMargin(clocks(0, 0, 0.5));
    expect(metered.chance.race(race, [0.5, 0.25, 0.25])).toBe(0);
    expect(metered.margin()).toBe(0);
  });

  it('the nearest of several decisions counts; without one it is infinite', () => {
    const metered = withMargin(tapeOf(0.25, 0.5));
    expect(metered.margin()).toBe(Number.POSITIVE_INFINITY);
    metered.chance.accept(coin, 0.5, 1);
    metered.chance.accept(coin, 0.625, 1);
    expect(metered.margin()).toBe(0.2);
  });
});

describe('exact decisions', () => {
  const [third, two] = [new Fraction(1, 3), new Fraction(2, 3)];

  it('compare the stored uniform with the rational itself', () => {
    // 1/3 is between two float64: the lower one is below it, the next above.
    const below = 1 / 3;
    expect(exactlySampled(tapeOf(below)).accept(coin, third, new Fraction(1))).toBe(true);
    expect(exactlySampled(tapeOf(below + 2 ** -53)).accept(coin, third, new Fraction(1))).toBe(false);
  });

  it('draw by inverse CDF, never a token of weight zero', () => {
    const at = (uniform: number) => exactlySampled(tapeOf(uniform)).draw(draw, [new Fraction(0), third, two]);
    expect([at(0), at(1 / 3), at(1 / 3 + 2 ** -53), at(1 - 2 ** -53)]).toEqual([1, 1, 2, 2]);
  });

  it('race as float64 does', () => {
    expect(exactlySampled(clocks(0.9, 0.1)).race(race, [third, two])).toBe(1);
    expect(exactlySampled(clocks(0.1, 0.9)).race(race, [third, two])).toBe(0);
  });
});
