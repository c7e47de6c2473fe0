/**
 * How far an output may be from its expected value. A tolerance is part of its case, and the schema has a cap: a case
 * that needs more tests nothing.
 * @packageDocumentation
 */
import { z } from 'zod';

/** `|got - expected| <= atol + rtol |expected|`. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/** The schema of a tolerance up to a cap. */
export function toleranceShape(cap: Tolerance): z.ZodType<Tolerance> {
  return z
    .strictObject({ atol: z.number().min(0).max(cap.atol), rtol: z.number().min(0).max(cap.rtol) })
    .describe('|got - expected| <= atol + rtol |expected|; infinities, NaN and zeros must be equal.');
}

/**
 * The first index at which two lists differ by more than a tolerance; -1 if there is none. An expected zero, infinity
 * or NaN must be met exactly, -0 and 0 being equal.
 * @example
 * import assert from 'node:assert/strict';
 * import { firstOutside } from 'turbo-lora/oracle';
 * assert.equal(firstOutside([0.5, 1e-9], [0.5, 0], { atol: 1e-6, rtol: 0 }), 1);
 */
export function firstOutside(got: ArrayLike<number>, expected: ArrayLike<number>, { atol, rtol }: Tolerance): number {
  for (let i = 0; i < Math.max(got.length, expected.length); i++) {
    if (i >= got.length || i >= expected.length) return i;
    const [a, b] = [got[i]!, expected[i]!];
    const mustEqual = b === 0 || !Number.isFinite(b);
    const isEqual = a === b || (Number.isNaN(a) && Number.isNaN(b));
    if (!(mustEqual ? isEqual : Math.abs(a - b) <= atol + rtol * Math.abs(b))) return i;
  }
  return -1;
}

/** The first of `least`, `10 least`, `100 least`, … that is not below a value. */
export function roundedUp(value: number, least: number): number {
  let exponent = Math.round(Math.log10(least));
  while (Number(`1e${exponent}`) < value) exponent += 1;
  return Number(`1e${exponent}`);
}
