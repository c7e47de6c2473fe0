/**
 * Elementary functions to 300 bits by their Taylor series in integer arithmetic: an oracle that shares nothing with
 * the float64 code. Slow and simple.
 */

const BITS = 300n;
const ONE = 1n << BITS;

/** A finite float64 as an exact multiple of 2^-300 (exact for magnitudes from 2^-247). */
function fixed(x: number): bigint {
  let exponent = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return (BigInt(mantissa) << BITS) >> BigInt(exponent);
}

/** Sum of `x^n / n!` over n = first, first + step, …, with alternating signs or not. */
function series(x: bigint, first: number, step: number, alternating: boolean): bigint {
  let total = 0n;
  let term = ONE;
  let negative = false;
  for (let n = 0; n <= first || term !== 0n; n++) {
    if (n >= first && (n - first) % step === 0) {
      total += negative ? -term : term;
      negative = alternating && !negative;
    }
    term = (term * x) / (ONE * BigInt(n + 1));
  }
  return total;
}

/** `e^x` as a multiple of 2^-300. */
export const exactExp = (x: number): bigint => series(fixed(x), 0, 1, false);
/** `sin x` as a multiple of 2^-300. */
export const exactSin = (x: number): bigint => series(fixed(x), 1, 2, true);
/** `cos x` as a multiple of 2^-300. */
export const exactCos = (x: number): bigint => series(fixed(x), 0, 2, true);

/** Distance between two neighbouring float64 at `x` (x not 0, not subnormal). */
export function ulp(x: number): number {
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -1022) - 52);
}

/** |approximation - exact| in units of the approximation's last place. */
export function ulpError(approximation: number, exact: bigint): number {
  const difference = fixed(approximation) - exact;
  const magnitude = difference < 0n ? -difference : difference;
  // In thousandths, so that the quotient survives integer division.
  return Number((magnitude * 1000n) / fixed(ulp(approximation))) / 1000;
}
