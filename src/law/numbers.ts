/**
 * The number types that laws are computed in: exact rationals or float64.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { type Arithmetic, float64, rational } from '../numerics/arithmetic.ts';
import { nearestNumber } from '../numerics/nearest-number.ts';
import type { ExactLaw } from './problem.ts';

/** A number type, and how an exact law is written in it. */
export interface Numbers<T> {
  readonly arithmetic: Arithmetic<T>;
  /** An exact law as numbers of type T. */
  lift(law: ExactLaw): ArrayLike<T>;
}

/** Exact rationals: nothing is rounded. */
export const EXACT: Numbers<Fraction> = { arithmetic: rational, lift: (law) => law };

/** Float64, each probability rounded once. */
export const ROUNDED: Numbers<number> = {
  arithmetic: float64,
  lift: (law) => Float64Array.from(law, nearestNumber),
};
