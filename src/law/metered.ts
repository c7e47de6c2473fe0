/**
 * The cost of exact arithmetic: operations that charge a meter by the length of their numbers.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { type Arithmetic, rational } from '../numerics/arithmetic.ts';

/** Counts operations. One operation is an addition of two fractions of a few digits, about a microsecond. */
export class Meter {
  #spent = 0;
  /** @param limit called after each charge with the total so far; throws when that is too much. */
  constructor(private readonly limit: (spent: number) => void = () => undefined) {}

  /** Operations charged so far. */
  get spent(): number {
    return this.#spent;
  }

  /** Charges operations. */
  charge(operations: number): void {
    this.#spent += operations;
    this.limit(this.#spent);
  }
}

/** Bits of the longer of numerator and denominator, rounded up to four. */
function bitsOf({ n, d }: Fraction): number {
  return 4 * Math.max(n.toString(16).length, d.toString(16).length);
}

/**
 * The cost of an operation on fractions of b bits: `1 + b/16 + (b/50)^2`. Fractions are reduced by Euclid's algorithm:
 * about b steps, each of which takes time proportional to b.
 */
export function operationCost(bits: number): number {
  return 1 + bits / 16 + (bits / 50) ** 2;
}

/** The cost of creating one fraction, or of using it once. */
export function costOf(value: Fraction): number {
  return operationCost(bitsOf(value));
}

/** Rational arithmetic that charges a meter. Comparisons multiply crosswise and need no reduction. */
export function meteredRational(meter: Meter): Arithmetic<Fraction> {
  const charging =
    (operation: (a: Fraction, b: Fraction) => Fraction) =>
    (a: Fraction, b: Fraction): Fraction => {
      meter.charge(operationCost(Math.max(bitsOf(a), bitsOf(b))));
      return operation(a, b);
    };
  return {
    ...rational,
    add: charging(rational.add),
    subtract: charging(rational.subtract),
    multiply: charging(rational.multiply),
    divide: charging(rational.divide),
    compare(a, b) {
      meter.charge(0.25 + (Math.max(bitsOf(a), bitsOf(b)) / 2000) ** 2);
      return rational.compare(a, b);
    },
  };
}
