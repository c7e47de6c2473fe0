/**
 * Chances on a tape that tell more than a verdict: how near a decision was to its boundary, or what it is when nothing
 * is rounded.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Chance } from '../../chance/chance.ts';
import { raceWinner } from '../../chance/race.ts';
import { sampled } from '../../chance/sampled.ts';
import type { Tape } from '../../chance/tape.ts';
import { dyadic } from '../../law/exact-number.ts';
import { rational, sum } from '../../numerics/arithmetic.ts';
import { ln } from '../../numerics/elementary.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';

/**
 * The chance of exact rationals on a tape of float64 uniforms. Coins and draws compare exactly; a race, whose clocks
 * are logarithms, is run in float64.
 */
export function exactlySampled(tape: Tape): Chance<Fraction> {
  return {
    accept: (slot, numerator, denominator) => dyadic(tape.uniform(slot)).mul(denominator).compare(numerator) < 0,
    draw(slot, weights) {
      const threshold = dyadic(tape.uniform(slot)).mul(sum(rational, weights));
      let cumulative = rational.zero;
      return Array.from(weights).findIndex((weight) => {
        cumulative = cumulative.add(weight);
        return threshold.compare(cumulative) < 0;
      });
    },
    race: (slot, weights) =>
      raceWinner(Array.from(weights, nearestNumber), (token) => tape.uniform({ ...slot, token })),
  };
}

/**
 * `sampled`, with the distance of the nearest decision to its boundary: zero where a uniform is on it. Relative to the
 * larger side for a coin (`u b` against `a`), to the total for a draw, to the earlier clock for a race.
 */
export function withMargin(tape: Tape): { readonly chance: Chance<number>; margin(): number } {
  let nearest = Number.POSITIVE_INFINITY;
  const note = (margin: number): void => {
    nearest = Math.min(nearest, margin);
  };
  const noting: Tape = { uniform: (slot) => (last = tape.uniform(slot)) };
  let last = Number.NaN;
  const inner = sampled(noting);
  const chance: Chance<number> = {
    accept(slot, numerator, denominator) {
      const accepted = inner.accept(slot, numerator, denominator);
      note(marginOfCoin(last * denominator, numerator));
      return accepted;
    },
    draw(slot, weights) {
      const token = inner.draw(slot, weights);
      note(marginOfDraw(last, weights));
      return token;
    },
    race(slot, weights) {
      note(marginOfRace(weights, (token) => tape.uniform({ ...slot, token })));
      return inner.race(slot, weights);
    },
  };
  return { chance, margin: () => nearest };
}

function marginOfCoin(left: number, right: number): number {
  const scale = Math.max(left, right);
  return scale === 0 ? 0 : Math.abs(left - right) / scale;
}

/** The edge at zero counts if a token of weight zero lies there, the one at the total does not: u is below one. */
function marginOfDraw(uniform: number, weights: ArrayLike<number>): number {
  const total = Array.from(weights).reduce((a, b) => a + b, 0);
  let [cumulative, nearest] = [0, weights[0] === 0 ? uniform : Number.POSITIVE_INFINITY];
  for (let token = 0; token < weights.length; token++) {
    cumulative += weights[token]!;
    if (cumulative > 0 && cumulative < total) nearest = Math.min(nearest, Math.abs(uniform - cumulative / total));
  }
  return nearest;
}

function marginOfRace(weights: ArrayLike<number>, clock: (token: number) => number): number {
  const rings = Array.from(weights, (weight, token) => (weight > 0 ? -ln(1 - clock(token)) / weight : Infinity));
  const [first = Infinity, second = Infinity] = rings.sort((a, b) => a - b);
  if (second === Infinity) return Infinity;
  return second === 0 ? 0 : (second - first) / second; // clocks at u = 0 ring at once, all together
}
