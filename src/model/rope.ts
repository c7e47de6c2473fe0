/**
 * Frequencies and angles of rotary position embedding.
 * @packageDocumentation
 */

import { NonFiniteError } from '../errors.ts';
import { cos, ln, pow, sin } from '../numerics/elementary.ts';
import type { Rotation } from '../ops/ops.ts';
import type { RopeConfig, RopeScaling } from './config.ts';

/** Frequencies in radians per token, and the factor on cosine and sine (1 except for YaRN). */
export interface RotaryFrequencies {
  /** @shape [Dh / 2] */
  readonly perToken: Float64Array;
  readonly amplitude: number;
}

/**
 * A rotary embedding as attention uses it. Layers with the same embedding share one object, so that a pass computes its
 * angles once.
 */
export interface Rotary extends RotaryFrequencies {
  readonly config: RopeConfig;
  /** Dimensions of a head that are turned, from the first on. */
  readonly dimensions: number;
  /** True: frequency i turns dimensions 2 i and 2 i + 1. False: it turns dimensions i and i + dimensions / 2. */
  readonly interleaved: boolean;
}

/**
 * The rotary embedding of `dimensions` dimensions of a head.
 * @throws {@link NonFiniteError} as {@link rotaryFrequencies} does.
 */
export function rotaryOf(config: RopeConfig, dimensions: number, interleaved = false): Rotary {
  return { ...rotaryFrequencies(config, dimensions), config, dimensions, interleaved };
}

/**
 * The rotary frequencies `f_i = theta^(-2i / Dh)`, scaled for long contexts:
 *
 * - `linear`: `f_i / factor`.
 * - `llama3`: depends on the wavelength `2 pi / f`. Above `original / low` the frequency becomes `f / factor`. Below
 *   `original / high` it stays f. Between the two it is `(1 - s) f / factor + s f` with
 *   `s = (original / wavelength - low) / (high - low)`.
 * - `yarn`: `f_i / factor * ramp_i + f_i * (1 - ramp_i)`. The ramp over the index i rises from 0, at the dimensions
 *   that turn `betaFast` times in the original context, to 1, at those that turn `betaSlow` times. Cosine and sine are
 *   multiplied by `attentionFactor`.
 * - `longrope`: `f_i / shortFactors_i`. Cosine and sine are multiplied by `attentionFactor`.
 * @throws {@link NonFiniteError} when a frequency or the factor on cosine and sine overflows or is NaN.
 * @source Su et al. 2021, arXiv 2104.09864; Peng et al. 2023, arXiv 2309.00071, sections 3.2 and 3.4; Ding et al.
 * 2024, arXiv 2402.13753; transformers `modeling_rope_utils.py`
 * @example
 * import assert from 'node:assert/strict';
 * import { rotaryFrequencies } from 'turbo-lora/model';
 * const { perToken } = rotaryFrequencies({ theta: 10000, scaling: { type: 'linear', factor: 2 } }, 4);
 * assert.deepEqual([...perToken], [0.5, 0.005]);
 */
export function rotaryFrequencies(rope: RopeConfig, headSize: number): RotaryFrequencies {
  const frequencies = scaledFrequencies(rope, headSize);
  const numbers = [...frequencies.perToken, frequencies.amplitude];
  const overflown = numbers.find((number) => !Number.isFinite(number));
  if (overflown !== undefined) {
    throw new NonFiniteError(`rotary frequencies of type ${rope.scaling.type}`, 'finite numbers', `${overflown}`);
  }
  return frequencies;
}

function scaledFrequencies(rope: RopeConfig, headSize: number): RotaryFrequencies {
  const plain = new Float64Array(headSize / 2);
  for (let i = 0; i < plain.length; i++) plain[i] = 1 / pow(rope.theta, (2 * i) / headSize);
  const { scaling } = rope;
  switch (scaling.type) {
    case 'default':
      return { perToken: plain, amplitude: 1 };
    case 'linear':
      return { perToken: plain.map((f) => f / scaling.factor), amplitude: 1 };
    case 'llama3':
      return { perToken: plain.map((f) => scaledLlama3(f, scaling)), amplitude: 1 };
    case 'longrope':
      return { perToken: plain.map((f, i) => f / scaling.shortFactors[i]!), amplitude: scaling.attentionFactor };
    case 'yarn':
      return { perToken: scaledYarn(plain, rope.theta, headSize, scaling), amplitude: scaling.attentionFactor };
  }
}

function scaledLlama3(f: number, scaling: Extract<RopeScaling, { type: 'llama3' }>): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
  const wavelength = (2 * Math.PI) / f;
  if (wavelength > originalContext / low) return f / factor;
  if (wavelength < originalContext / high) return f;
  const smooth = (originalContext / wavelength - low) / (high - low);
  return ((1 - smooth) * f) / factor + smooth * f;
}

function scaledYarn(
  plain: Float64Array,
  theta: number,
  headSize: number,
  scaling: Extract<RopeScaling, { type: 'yarn' }>,
): Float64Array {
  // The (fractional) dimension whose plane turns `turns` times within the original context.
  const dimensionOf = (turns: number): number =>
    (headSize * ln(scaling.originalContext / (turns * 2 * Math.PI))) / (2 * ln(theta));
  let low = dimensionOf(scaling.betaFast);
  let high = dimensionOf(scaling.betaSlow);
  if (scaling.truncate) {
    low = Math.floor(low);
    high = Math.ceil(high);
  }
  low = Math.max(low, 0);
  high = Math.min(high, headSize - 1);
  if (low === high) high += 0.001; // as the source does, against a division by zero
  return plain.map((f, i) => {
    const ramp = Math.min(1, Math.max(0, (i - low) / (high - low)));
    const kept = 1 - ramp;
    return (f / scaling.factor) * (1 - kept) + f * kept;
  });
}

/**
 * Cosines and sines of the angles `position * frequency`, each multiplied by the amplitude.
 * @shape result: cos and sin of [positions.length, dimensions / 2]
 */
export function rotationAt(rotary: Omit<Rotary, 'config'>, positions: readonly number[]): Rotation {
  const { perToken, amplitude, dimensions, interleaved } = rotary;
  const half = perToken.length;
  const cosines = new Float64Array(positions.length * half);
  const sines = new Float64Array(positions.length * half);
  positions.forEach((position, row) => {
    for (let i = 0; i < half; i++) {
      const angle = position * perToken[i]!;
      cosines[row * half + i] = cos(angle) * amplitude;
      sines[row * half + i] = sin(angle) * amplitude;
    }
  });
  return { cos: cosines, sin: sines, dimensions, interleaved };
}
