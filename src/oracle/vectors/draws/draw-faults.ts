/**
 * Faults that can be seen in one draw.
 * @packageDocumentation
 */
import { ln } from '../../../numerics/elementary.ts';
import type { VectorFault } from '../vector-fault.ts';
import type { DrawInputs } from './drawn-token.ts';

/** A fault of a draw: the token that it selects. */
export type DrawFault = VectorFault<DrawInputs, number>;

const totalOf = (law: Float64Array): number => law.reduce((a, b) => a + b, 0);

/** The first token whose cumulative sum passes; the last one if none does. */
function firstPassing(law: Float64Array, passes: (cumulative: number) => boolean): number {
  let cumulative = 0;
  for (const [token, weight] of law.entries()) {
    cumulative += weight;
    if (passes(cumulative)) return token;
  }
  return law.length - 1;
}

const atMost: DrawFault = {
  name: 'draw-at-most',
  description: 'Takes the first token with `u * total <= w0 + … + wi`: at u = 0 one of weight zero.',
  links: ['sgl-project/sglang#35771'],
  plant: ({ law, uniforms }) => firstPassing(law, (sum) => uniforms[0]! * totalOf(law) <= sum),
};

const uniformAtZero: DrawFault = {
  name: 'uniform-at-zero',
  description: 'The uniform is always 0.',
  links: ['vllm-project/vllm-ascend#13766'],
  plant: ({ law }) => firstPassing(law, (sum) => sum > 0),
};

const withoutTotal: DrawFault = {
  name: 'without-total',
  description: 'The weights are taken to sum to one.',
  links: [],
  plant: ({ law, uniforms }) => firstPassing(law, (sum) => uniforms[0]! < sum),
};

const float32Sum: DrawFault = {
  name: 'float32-sum',
  description: 'Cumulative sums in float32 end below the uniform, and the last id is taken whatever its weight.',
  links: [],
  plant({ law, uniforms }) {
    let cumulative = 0;
    const token = law.findIndex((weight) => {
      cumulative = Math.fround(cumulative + weight);
      return uniforms[0]! < cumulative;
    });
    return token < 0 ? law.length - 1 : token;
  },
};

const bfloat16Uniform: DrawFault = {
  name: 'bfloat16-uniform',
  description: 'The uniform is rounded to bfloat16, and may become 1.',
  links: [],
  plant({ law, uniforms }) {
    const rounded = roundedToBits(uniforms[0]!, 8);
    return firstPassing(law, (sum) => rounded * totalOf(law) < sum);
  },
};

/** A number rounded to this many significant bits. */
function roundedToBits(value: number, bits: number): number {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(value)) + 1 - bits);
  return Math.round(value / unit) * unit;
}

const descending: DrawFault = {
  name: 'descending-order',
  description:
    'Tokens are added up from the likeliest down. That law is right, but not the token: it cannot be replayed.',
  links: [],
  plant({ law, uniforms }) {
    const ids = [...law.keys()].sort((a, b) => law[b]! - law[a]!);
    const sorted = Float64Array.from(ids, (id) => law[id]!);
    return ids[firstPassing(sorted, (sum) => uniforms[0]! * totalOf(law) < sum)]!;
  },
};

const alwaysLikeliest: DrawFault = {
  name: 'always-likeliest',
  description: 'Takes the likeliest token.',
  links: [],
  plant: ({ law }) => law.indexOf(Math.max(...law)),
};

/** The token whose clock rings first. */
function firstRinging(law: Float64Array, clock: (token: number) => number): number {
  const times = law.map((_, token) => clock(token));
  return times.indexOf(Math.min(...times.filter((time) => !Number.isNaN(time))));
}

const zeroWeightRings: DrawFault = {
  name: 'zero-weight-rings',
  description: 'A small number is added to each weight, and a token of weight zero wins when its clock is 0.',
  links: [],
  plant: ({ law, uniforms }) => firstRinging(law, (token) => -ln(1 - uniforms[token]!) / (law[token]! + 1e-10)),
};

const raceWithoutLogarithm: DrawFault = {
  name: 'race-without-logarithm',
  description: 'The clocks are the uniforms themselves: likely tokens win too often.',
  links: [],
  plant: ({ law, uniforms }) => firstRinging(law, (token) => uniforms[token]! / law[token]!),
};

const mirroredClock: DrawFault = {
  name: 'mirrored-clock',
  description:
    'The clock is -log(u) instead of -log(1 - u). That law is right, but not the token, and u = 0 never rings.',
  links: [],
  plant: ({ law, uniforms }) => firstRinging(law, (token) => -ln(uniforms[token]!) / law[token]!),
};

const lastClockWins: DrawFault = {
  name: 'last-clock-wins',
  description: 'The clock that rings last wins.',
  links: [],
  plant: ({ law, uniforms }) =>
    firstRinging(law, (token) => (law[token]! > 0 ? law[token]! / -ln(1 - uniforms[token]!) : Number.NaN)),
};

/** Faults of the inverse CDF. */
export const INVERSE_CDF_FAULTS: readonly DrawFault[] = [
  ...[atMost, uniformAtZero, withoutTotal, float32Sum, bfloat16Uniform, descending, alwaysLikeliest],
];

/** Faults of the race. */
export const RACE_FAULTS: readonly DrawFault[] = [
  ...[zeroWeightRings, raceWithoutLogarithm, mirroredClock, lastClockWins, alwaysLikeliest],
];

/** Names of the faults that select another token. */
export function caughtDrawFaults(faults: readonly DrawFault[], inputs: DrawInputs, token: number): string[] {
  return faults.filter((fault) => fault.plant(inputs) !== token).map(({ name }) => name);
}
