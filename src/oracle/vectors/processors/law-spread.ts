/**
 * How far a correct engine in float32 may be from a law in float64: the law is made again from numbers that were
 * rounded as that engine rounds them.
 * @packageDocumentation
 */
import { roundedUp, type Tolerance } from '../tolerance.ts';
import { type LawInputs, processedLaw } from './law-inputs.ts';
import { LAW_CAP } from './law-vectors.ts';
import type { VectorSettings } from './vector-settings.ts';

/** Perturbed inputs that are compared. */
export const TRIALS = 16;
/** Two roundings of float32, in either direction. */
const ROUNDING = 2 ** -23;
/** An engine rounds more often than once: its law may be this many spreads away. */
const SPREADS = 4;
/** No tolerance is smaller. */
const LEAST = 1e-6;

/** The tolerance of a law; null if rounding decides which tokens are possible, or it would have to exceed its cap. */
export function toleranceOf(inputs: LawInputs, law: Float64Array): Tolerance | null {
  let widest = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const other = processedLaw(perturbed(inputs, trial));
    for (const [i, mass] of law.entries()) {
      if ((other[i] === 0) !== (mass === 0)) return null;
      if (mass > LAW_CAP.atol) widest = Math.max(widest, Math.abs(other[i]! - mass) / mass);
    }
  }
  const rtol = roundedUp(SPREADS * widest, LEAST);
  return rtol > LAW_CAP.rtol ? null : { atol: LAW_CAP.atol, rtol };
}

/** Inputs as an engine in float32 may have rounded them. */
export function perturbed(inputs: LawInputs, trial: number): LawInputs {
  const settings = Object.fromEntries(
    Object.entries(inputs.settings).map(([key, value]) => [
      key,
      typeof value === 'number' && !Number.isInteger(value) ? Math.fround(value) : value,
    ]),
  ) as VectorSettings;
  return { ...inputs, settings, logits: inputs.logits.map((logit) => logit * (1 + ROUNDING * shake(logit, trial))) };
}

/** A number in [-1, 1] by value: equal logits stay equal, as every engine leaves them. None in trial 0. */
function shake(value: number, trial: number): number {
  if (trial === 0 || !Number.isFinite(value)) return 0;
  const hash = Math.imul(Math.round(value * 65536) ^ (trial * 0x9e3779b1), 0x45d9f3b);
  return (Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) | 0) / 2 ** 31;
}
