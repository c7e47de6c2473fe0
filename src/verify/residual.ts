/**
 * Operations on target and draft laws shared by several rules.
 * @packageDocumentation
 */
import type { DraftLaw } from '../draft/draft.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';

/** `q(x)`: a point mass has all of it on its token. */
export function massOf<T>(arithmetic: Arithmetic<T>, law: DraftLaw<T>, token: number): T {
  return law === 'point' ? arithmetic.one : law[token]!;
}

/** A draft law in full: a point mass has one entry of one. @shape result: [V] */
export function lawInFull<T>(arithmetic: Arithmetic<T>, law: DraftLaw<T>, token: number, vocabulary: number): T[] {
  if (law !== 'point') return Array.from(law);
  return Array.from({ length: vocabulary }, (_, i) => (i === token ? arithmetic.one : arithmetic.zero));
}

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

/** Weights divided by their sum; null when they have no mass. */
export function normalised<T>(arithmetic: Arithmetic<T>, weights: ArrayLike<T>): T[] | null {
  const total = sum(arithmetic, weights);
  if (arithmetic.compare(total, arithmetic.zero) <= 0) return null;
  return Array.from(weights, (weight) => arithmetic.divide(weight, total));
}

/** A law without one token, normalised; null when that token had all the mass. */
export function without<T>(arithmetic: Arithmetic<T>, law: ArrayLike<T>, token: number): T[] | null {
  return normalised(
    arithmetic,
    Array.from(law, (weight, i) => (i === token ? arithmetic.zero : weight)),
  );
}

/** `min(1, r p / q)`; one where q is zero, because such a token is never drawn. */
export function acceptance<T>({ one, multiply, divide, compare }: Arithmetic<T>, r: T, p: T, q: T): T {
  const wanted = multiply(r, p);
  return compare(wanted, q) >= 0 ? one : divide(wanted, q);
}
