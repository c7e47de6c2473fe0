import { expect, it } from 'vitest';
import { INVERSE_CDF_FAULTS, RACE_FAULTS } from '../../../../../src/oracle/vectors/draws/draw-faults.ts';

const drawn = (name: string, law: number[], uniforms: number[]): number | null =>
  [...INVERSE_CDF_FAULTS, ...RACE_FAULTS]
    .find((fault) => fault.name === name)!
    .plant({
      law: Float64Array.from(law),
      uniforms: Float64Array.from(uniforms),
    });

it.each<[string, number[], number[], wrong: number]>([
  ['draw-at-most', [0, 0.5, 0.5], [0], 0],
  ['draw-at-most', [0.5, 0.5, 0], [0.5], 0],
  ['uniform-at-zero', [0, 0.5, 0.5], [0.75], 1],
  ['without-total', [0.25, 0.25], [0.4], 1],
  ['float32-sum', [0.5, 0.5 - 2 ** -24, 0], [1 - 2 ** -53], 2],
  ['bfloat16-uniform', [0.5, 0.5, 0], [1 - 2 ** -24], 2],
  ['descending-order', [0.25, 0.75], [0], 1],
  ['always-likeliest', [0.25, 0.75], [0], 1],
  ['zero-weight-rings', [0, 1], [0, 0.5], 0],
  // clocks by hand: 0.7/0.5 < 0.9/0.4, but -ln(0.3)/0.5 = 2.4 > -ln(0.4)/0.4 = 2.3
  ['race-without-logarithm', [0.5, 0.4], [0.7, 0.6], 0],
  ['mirrored-clock', [0.5, 0.5], [0.9, 0.1], 0],
  ['last-clock-wins', [0.5, 0.5], [0.9, 0.1], 0],
])('%s on %o takes token %i at %o', (name, law, uniforms, wrong) => {
  expect(drawn(name, law, uniforms)).toBe(wrong);
});
