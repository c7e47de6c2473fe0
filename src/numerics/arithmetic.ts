/**
 * The few operations that an acceptance rule needs on numbers. Rules are written once against this interface: with
 * float64 they decode, with exact rationals the same code yields its output law as fractions.
 * @packageDocumentation
 */
import Fraction from 'fraction.js';
import { nearestNumber } from './nearest-number.ts';

/** Ordered field operations on `T`. */
export interface Arithmetic<T> {
  readonly zero: T;
  readonly one: T;
  /** `a + b` */
  add(a: T, b: T): T;
  /** `a - b` */
  subtract(a: T, b: T): T;
  /** `a b` */
  multiply(a: T, b: T): T;
  /** `a / b` */
  divide(a: T, b: T): T;
  /** Negative, zero or positive as a is less than, equal to or greater than b. */
  compare(a: T, b: T): number;
  /** The float64 nearest to a. For thresholds that are not rational in the law; no lossless rule uses it. */
  toNumber(a: T): number;
}

/** IEEE 754 float64. */
export const float64: Arithmetic<number> = {
  zero: 0,
  one: 1,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  compare: (a, b) => a - b,
  toNumber: (a) => a,
};

/** Exact rationals of unbounded size (fraction.js, on BigInt). */
export const rational: Arithmetic<Fraction> = {
  zero: new Fraction(0),
  one: new Fraction(1),
  add: (a, b) => a.add(b),
  subtract: (a, b) => a.sub(b),
  multiply: (a, b) => a.mul(b),
  divide: (a, b) => a.div(b),
  compare: (a, b) => a.compare(b),
  toNumber: nearestNumber,
};

/**
 * The canonical sum: left to right, from zero. Every total of weights in this package is computed this way.
 * @example
 * import assert from 'node:assert/strict';
 * import { float64, sum } from 'turbo-lora/numerics';
 * assert.equal(sum(float64, [0.1, 0.2, 0.3]), 0.1 + 0.2 + 0.3);
 */
export function sum<T>(arithmetic: Arithmetic<T>, terms: ArrayLike<T>): T {
  let total = arithmetic.zero;
  for (let i = 0; i < terms.length; i++) total = arithmetic.add(total, terms[i]!);
  return total;
}
