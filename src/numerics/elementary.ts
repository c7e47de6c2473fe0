/**
 * Elementary functions with the same bits on every JavaScript engine. `Math.exp` and similar functions may differ
 * between engines by up to 2 ulp; these are plain float64 arithmetic (ports of FreeBSD msun and Cephes, maintained by
 * stdlib), so a fixture written on one engine is byte-identical on another. `Math.sqrt` is exempt: IEEE 754 fixes its
 * result.
 * @packageDocumentation
 */
import stdlibCos from '@stdlib/math-base-special-cos';
import stdlibErf from '@stdlib/math-base-special-erf';
import stdlibLnGamma from '@stdlib/math-base-special-gammaln';
import stdlibLn from '@stdlib/math-base-special-ln';
import stdlibPow from '@stdlib/math-base-special-pow';
import stdlibSin from '@stdlib/math-base-special-sin';
import stdlibTanh from '@stdlib/math-base-special-tanh';

export { exp } from './exponential.ts';
/** Natural logarithm. */
export const ln: (x: number) => number = stdlibLn;
/** Sine of an angle in radians. */
export const sin: (x: number) => number = stdlibSin;
/** Cosine of an angle in radians. */
export const cos: (x: number) => number = stdlibCos;
/** `ln |Gamma(x)|`: a sum of logarithms of equidistant numbers is a difference of two. */
export const lnGamma: (x: number) => number = stdlibLnGamma;
/** `x^y`. */
export const pow: (x: number, y: number) => number = stdlibPow;
/** Hyperbolic tangent. */
export const tanh: (x: number) => number = stdlibTanh;
/** The error function `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. */
export const erf: (x: number) => number = stdlibErf;
