/**
 * The residual: what is left of the target's distribution after a rejection.
 * @packageDocumentation
 */
import type { DraftLaw } from '../draft/draft.ts';
import { lawInFull } from '../draft/draft-law.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';

/** `max(a - b, 0)`. */
export function excess<T>({ subtract, compare, zero }: Arithmetic<T>, a: T, b: T): T {
  const difference = subtract(a, b);
  return compare(difference, zero) > 0 ? difference : zero;
}

/** The residual `max(p - q, 0)`, not normalised: a draw divides by its total (SPEC-RESIDUAL). */
export function residual<T>(arithmetic: Arithmetic<T>, target: ArrayLike<T>, law: DraftLaw<T>, token: number): T[] {
  const q = lawInFull(arithmetic, law, token, target.length);
  return Array.from(target, (p, i) => excess(arithmetic, p, q[i]!));
}

/** The residual `max(r p - q, 0)`. @shape p, q, result: [V] */
export function scaledResidual<T>(arithmetic: Arithmetic<T>, r: T, p: ArrayLike<T>, q: ArrayLike<T>): T[] {
  return Array.from(p, (mass, i) => excess(arithmetic, arithmetic.multiply(r, mass), q[i]!));
}

/**
 * What remains when rounding empties a residual: in exact arithmetic a token can only be rejected where p and q differ.
 */
export function withMass<T>(arithmetic: Arithmetic<T>, weights: T[], target: ArrayLike<T>): ArrayLike<T> {
  return weights.some((weight) => arithmetic.compare(weight, arithmetic.zero) > 0) ? weights : target;
}
