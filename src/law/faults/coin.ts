/**
 * Faults at the boundaries of coins and draws.
 * @packageDocumentation
 */
import Fraction from 'fraction.js';
import type { Chance } from '../../chance/chance.ts';
import { rational, sum } from '../../numerics/arithmetic.ts';
import type { Fault } from './fault.ts';

/** Float32 generators return multiples of 2^-24. */
const GRID = 2n ** 24n;

/** How many multiples of 2^-24 in [0, 1) are at most a share (with `border`) or below it (without). */
function gridPoints(share: Fraction, border: boolean): bigint {
  const scaled = share.mul(GRID);
  const below = scaled.ceil();
  const points = border && below.equals(scaled) ? below.add(1) : below;
  return points.compare(GRID) > 0 ? GRID : points.n / points.d;
}

/**
 * A chance whose uniforms are multiples of 2^-24, compared by `u < share` or, where `border` says so, by `u <= share`.
 * If all shares are multiples of 2^-24, the strict comparison has exactly the law of a continuous uniform.
 * @source SPEC-ACCEPT-BOUNDARY, SPEC-DRAW-BOUNDARY in spec/rules.md
 */
export function onGrid(chance: Chance<Fraction>, border: { coins: boolean; draws: boolean }): Chance<Fraction> {
  return {
    ...chance,
    accept(slot, numerator, denominator) {
      const share = denominator.compare(0) === 0 ? rational.one : numerator.div(denominator);
      return chance.accept(slot, new Fraction(gridPoints(share, border.coins), 1n), new Fraction(GRID, 1n));
    },
    draw(slot, weights) {
      const total = sum(rational, weights);
      let cumulative = rational.zero;
      let taken = 0n;
      const points = Array.from(weights, (weight) => {
        cumulative = cumulative.add(weight);
        const upTo = gridPoints(cumulative.div(total), border.draws);
        const own = upTo - taken;
        taken = upTo;
        return new Fraction(own, 1n);
      });
      return chance.draw(slot, points);
    },
  };
}

/** `coin <= probability` instead of `coin < probability`. */
export const coinAtMost: Fault = {
  name: 'coin-at-most',
  description: 'Accepts when u <= p/q and draws by u <= cumulative: at u = 0 a token of probability zero is accepted.',
  rules: ['rejection', 'block', 'specinfer', 'recursive', 'traversal'],
  references: [{ where: 'sgl-project/sglang#35771', title: '`coin <= prob` accepts a token of probability 0' }],
  reveals: { vocabulary: 3, target: ['0', '1/2', '1/2'], draft: ['1/2', '1/4', '1/4'] },
  faint: 'it needs a uniform number exactly at the boundary: one in 2^24 for the float32 generators modelled here',
  plant: (scheme) => ({
    ...scheme,
    decide: (round, arithmetic, chance) =>
      scheme.decide(round, arithmetic, onGrid(chance, { coins: true, draws: true })),
  }),
};

/** `coin <= probability` where drafted tokens are accepted; draws are right. */
export const acceptAtMost: Fault = {
  ...coinAtMost,
  name: 'accept-at-most',
  description: 'Accepts when u <= p/q: at u = 0 a drafted token of probability zero is accepted.',
  references: [
    {
      where: 'huggingface/transformers',
      title: '`r_i <= probability_ratio` in generation/utils.py, release 5.23',
    },
  ],
  plant: (scheme) => ({
    ...scheme,
    decide: (round, arithmetic, chance) =>
      scheme.decide(round, arithmetic, onGrid(chance, { coins: true, draws: false })),
  }),
};
