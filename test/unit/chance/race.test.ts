import { describe, expect, it } from 'vitest';
import { raceWinner } from '../../../src/chance/race.ts';
import { LawError } from '../../../src/errors.ts';

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
    [[], 'sum of weights: expected a finite number above 0, got 0'],
    [[0, 0], 'sum of weights: expected a finite number above 0, got 0'],
    [[0.5, -0.5], 'weight 1: expected a finite number of at least 0, got -0.5'],
    [[Number.NaN], 'weight 0: expected a finite number of at least 0, got NaN'],
    [[Number.POSITIVE_INFINITY], 'weight 0: expected a finite number of at least 0, got Infinity'],
  ])('refuses %j', (weights, message) => {
    expect(() => raceWinner(weights, () => 0.5)).toThrow(LawError);
    expect(() => raceWinner(weights, () => 0.5)).toThrow(message);
  });
});
