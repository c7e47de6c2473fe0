import type Fraction from 'fraction.js';

/** Digits of a float64, and the exponent of its least positive number. */
const [DIGITS, LEAST] = [53, -1074];

const bitsOf = (integer: bigint): number => integer.toString(2).length;

/**
 * The float64 nearest to a rational, ties to even, for numerators and denominators of any length. (`valueOf` divides
 * two float64, which gives NaN or zero beyond 2^1024.)
 *
 * With `u = 2^max(e - 52, -1074)` the distance between float64 numbers near n / d, `2^e <= n / d < 2^(e + 1)`, it is
 * `round(n / (d u)) u`. Infinite where float64 overflows.
 * @source IEEE 754-2019, section 4.3.1 (roundTiesToEven)
 * @example
 * import assert from 'node:assert/strict';
 * import Fraction from 'fraction.js';
 * import { nearestNumber } from 'turbo-lora/numerics';
 * const tiny = new Fraction(1n, 3n ** 700n);
 * assert.equal(nearestNumber(tiny.div(tiny.mul(3))), 1 / 3);
 */
export function nearestNumber({ s, n, d }: Fraction): number {
  if (n === 0n) return 0;
  // The lengths show that n / d is between 2^exponent and 2^(exponent + 2).
  const exponent = bitsOf(n) - bitsOf(d) - 1;
  let unit = Math.max(exponent - DIGITS + 1, LEAST);
  if (unit > LEAST && rounded(n, d, unit) > 2n ** BigInt(DIGITS)) unit += 1;
  return Number(s) * Number(rounded(n, d, unit)) * 2 ** unit;
}

/** `n / (d 2^unit)`, rounded to an integer, ties to even. */
function rounded(n: bigint, d: bigint, unit: number): bigint {
  const numerator = unit < 0 ? n << BigInt(-unit) : n;
  const denominator = unit < 0 ? d : d << BigInt(unit);
  const below = numerator / denominator;
  const twice = 2n * (numerator - below * denominator);
  const up = twice > denominator || (twice === denominator && below % 2n === 1n);
  return up ? below + 1n : below;
}
