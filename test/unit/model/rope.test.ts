import { describe, expect, it } from 'vitest';
import { NonFiniteError } from '../../../src/errors.ts';
import type { RopeConfig, RopeScaling } from '../../../src/model/config.ts';
import { rotaryFrequencies, rotationAt } from '../../../src/model/rope.ts';
import { exactCos, exactSin, ulpError } from '../../support/high-precision.ts';

/** Base 10000 over a head of 8 gives the frequencies 1, 0.1, 0.01, 0.001: wavelengths 6.28, 62.8, 628.3, 6283. */
const frequencies = (scaling: RopeScaling) => rotaryFrequencies({ theta: 10000, scaling }, 8);

function expectClose(actual: Float64Array, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! / value - 1)).toBeLessThan(1e-12);
  });
}

describe('rotary frequencies', () => {
  it('default: theta^(-2i / Dh)', () => {
    expectClose(frequencies({ type: 'default' }).perToken, [1, 0.1, 0.01, 0.001]);
  });

  it('linear: all divided by the factor', () => {
    expectClose(frequencies({ type: 'linear', factor: 4 }).perToken, [0.25, 0.025, 0.0025, 0.00025]);
  });

  const llama3 = {
    type: 'llama3',
    factor: 8,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalContext: 1000,
  } as const;

  it('llama3, by hand: short waves stay, long ones are divided, one between is mixed', () => {
    // 628.3 lies between 1000/4 and 1000/1: s = (1000/628.3185307 - 1) / 3 = 0.1971831436, and
    // 0.01 * ((1 - s) / 8 + s) = 0.01 * (0.125 + 0.875 s) = 0.0029753525.
    const s = (1000 / (200 * Math.PI) - 1) / 3;
    expect(s).toBeCloseTo(0.1971831436, 10);
    expectClose(frequencies(llama3).perToken, [1, 0.1, 0.01 * (0.125 + 0.875 * s), 0.001 / 8]);
    expect(frequencies(llama3).perToken[2]).toBeCloseTo(0.0029753525, 10);
  });

  it('llama3 at the boundary wavelengths: the mixture meets both sides', () => {
    // Frequency 1 has wavelength 2 pi. At original / low the mixture is all scaled, at original / high all kept.
    const first = (originalContext: number) => frequencies({ ...llama3, originalContext }).perToken[0];
    expect(first(2 * Math.PI)).toBe(1 / 8);
    expect(first(2 * Math.PI * 4)).toBe(1);
    expect(first(2 * Math.PI * (1 - 1e-9))).toBe(1 / 8);
    expect(first(2 * Math.PI * 4 * (1 + 1e-9))).toBe(1);
    expect(first(2 * Math.PI * 4 * (1 - 1e-9))).toBeCloseTo(1, 8);
    expect(first(2 * Math.PI * (1 + 1e-9))).toBeCloseTo(1 / 8, 8);
  });

  it('llama3: the factor is the one of the config', () => {
    const last = (factor: number) => frequencies({ ...llama3, factor }).perToken[3];
    expect(last(32)).toBeCloseTo(0.001 / 32, 16);
  });

  it('longrope: each divided by its short factor', () => {
    const longrope = {
      type: 'longrope',
      shortFactors: [1, 2, 4, 5],
      attentionFactor: 1.25,
      originalContext: 8,
    } as const;
    expectClose(frequencies(longrope).perToken, [1, 0.05, 0.0025, 0.0002]);
    expect(frequencies(longrope).amplitude).toBe(1.25);
  });

  // With original = 2000 pi, a plane turns 1000 * 10^-i times: 100 turns are dimension 1, one turn is dimension 3.
  const yarn = {
    type: 'yarn',
    factor: 4,
    betaFast: 100,
    betaSlow: 1,
    attentionFactor: 1.25,
    truncate: false,
    originalContext: 2000 * Math.PI,
  } as const;

  it('yarn, by hand: kept up to dimension 1, divided from 3, half of each at 2', () => {
    const { perToken, amplitude } = frequencies(yarn);
    expectClose(perToken, [1, 0.1, 0.01 * (0.5 + 0.5 / 4), 0.001 / 4]);
    expect(amplitude).toBe(1.25);
  });

  it('yarn: truncation rounds the ramp outwards', () => {
    // 10^1.4 turns are dimension 1.6, 10^0.7 turns dimension 2.3; rounded outwards 1 and 3.
    const between = { ...yarn, betaFast: 10 ** 1.4, betaSlow: 10 ** 0.7 };
    const ramp = (2 - 1.6) / (2.3 - 1.6);
    expectClose(frequencies(between).perToken, [1, 0.1, 0.01 * (1 - ramp + ramp / 4), 0.001 / 4]);
    expectClose(frequencies({ ...between, truncate: true }).perToken, [1, 0.1, 0.00625, 0.00025]);
  });

  it('yarn: a ramp without width is a step', () => {
    const step = { ...yarn, betaFast: 10 ** 1.5, betaSlow: 10 ** 1.5 }; // dimension 1.5 twice
    expectClose(frequencies(step).perToken, [1, 0.1, 0.01 / 4, 0.001 / 4]);
  });
});

/** A rotary embedding of these frequencies. */
function turning(perToken: number[], amplitude: number) {
  return { perToken: Float64Array.from(perToken), amplitude, dimensions: 2 * perToken.length, interleaved: false };
}

describe('rotationAt', () => {
  it('angles are position times frequency, one row per position', () => {
    const { cos, sin } = rotationAt(turning([Math.PI / 2, Math.PI / 6], 1), [0, 1, 5]);
    const expected = [1, 1, 0, Math.sqrt(3) / 2, 0, -Math.sqrt(3) / 2];
    expected.forEach((value, i) => {
      expect(cos[i]).toBeCloseTo(value, 14);
    });
    [0, 0, 1, 0.5, 1, 0.5].forEach((value, i) => {
      expect(sin[i]).toBeCloseTo(value, 14);
    });
  });

  it('the amplitude multiplies cosine and sine', () => {
    const { cos, sin } = rotationAt(turning([Math.PI / 2], 1.25), [0, 1]);
    expect(cos[0]).toBe(1.25);
    expect(sin[1]).toBe(1.25);
  });

  it('far positions keep their digits', () => {
    // Compared with the Taylor series at 300 bits, which shares nothing with the code under test.
    const { cos, sin } = rotationAt(turning([0.01], 1), [20000]);
    expect(ulpError(cos[0]!, exactCos(20000 * 0.01))).toBeLessThanOrEqual(1);
    expect(ulpError(sin[0]!, exactSin(20000 * 0.01))).toBeLessThanOrEqual(1);
  });

  it.each<[string, RopeConfig]>([
    ['a factor so small that frequencies overflow', { theta: 100, scaling: { type: 'linear', factor: 1e-320 } }],
    ['a base of zero', { theta: 0, scaling: { type: 'default' } }],
  ])('refuses %s', (_, rope) => {
    expect(() => rotaryFrequencies(rope, 4)).toThrow(NonFiniteError);
  });
});
