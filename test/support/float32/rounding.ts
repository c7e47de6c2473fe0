/**
 * How far a float32 computation can end from the exact result: each number with a bound on its error.
 *
 * Standard model (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, sections 2.2 and 3.1):
 * `fl(a op b) = (a op b)(1 + d) + t` with `|d| <= u` and `|t| <= tiny`; a sum of n numbers has the error
 * `gamma(n - 1) * sum of magnitudes`, `gamma(n) = n u / (1 - n u)`. The bounds are computed in float64, whose own
 * roundings are 2^29 times smaller than those bounded here.
 */
import type { GpuMode } from '../../../src/gpu/gpu-js.ts';

/** The exact result of a computation on exact inputs, and how far its float32 counterpart may lie from it. */
export interface Bounded {
  readonly value: number;
  readonly error: number;
}

const UNIT = 2 ** -24;
const LARGEST = 3.4028234663852886e38;
const SMALLEST_NORMAL = 2 ** -126;

/** Errors of one operation in units of `u` times the result. */
interface Precision {
  readonly divide: number;
  readonly root: number;
  power(exponent: number): number;
  /** Whether numbers below the normal ones may become zero. */
  readonly flushes: boolean;
}

const PRECISIONS: Readonly<Record<GpuMode, Precision>> = {
  // WebAssembly core specification, 4.3.3: correctly rounded. `exp` is the host's, well within 2^-50, rounded to
  // float32.
  webasm: { divide: 1, root: 1, power: () => 1 + 2 ** -26, flushes: false },
  // OpenGL Shading Language 4.60, 4.7.1 (ES 3.00, 4.5.1), in ulp of at most 2 u: 2.5 for a division, 2 for an inverse
  // root and a division for a root, 3 + 2 |x| for exp(x); subnormal numbers may be flushed.
  headlessgl: { divide: 5, root: 9 + 2 ** -20, power: (x) => 6 + 4 * Math.abs(x), flushes: true },
};

/** Float32 arithmetic of one mode, as bounds. */
export class Rounding {
  readonly #precision: Precision;
  readonly #tiny: number;

  constructor(mode: GpuMode) {
    this.#precision = PRECISIONS[mode];
    this.#tiny = this.#precision.flushes ? SMALLEST_NORMAL : 2 ** -150;
  }

  /** `n u / (1 - n u)`. */
  gamma(n: number): number {
    return (n * UNIT) / (1 - n * UNIT);
  }

  /** A float64 number on its way to the device. */
  input(value: number): Bounded {
    const error = Math.abs(Math.fround(value) - value);
    return { value, error: this.#precision.flushes && Math.abs(value) < SMALLEST_NORMAL ? Math.abs(value) : error };
  }

  add(a: Bounded, b: Bounded): Bounded {
    return this.#rounded(a.value + b.value, a.error + b.error);
  }

  subtract(a: Bounded, b: Bounded): Bounded {
    return this.#rounded(a.value - b.value, a.error + b.error);
  }

  multiply(a: Bounded, b: Bounded): Bounded {
    const error = Math.abs(a.value) * b.error + (Math.abs(b.value) + b.error) * a.error;
    return this.#rounded(a.value * b.value, error);
  }

  divide(a: Bounded, b: Bounded): Bounded {
    const value = a.value / b.value;
    const least = Math.abs(b.value) - b.error;
    const error = least > 0 ? (a.error + Math.abs(value) * b.error) / least : Number.POSITIVE_INFINITY;
    return this.#rounded(value, error, this.#precision.divide);
  }

  root(a: Bounded): Bounded {
    const value = Math.sqrt(a.value);
    const least = Math.sqrt(Math.max(0, a.value - a.error));
    return this.#rounded(value, a.error === 0 ? 0 : a.error / (value + least), this.#precision.root);
  }

  power(a: Bounded): Bounded {
    const value = Math.exp(a.value);
    const units = this.#precision.power(Math.abs(a.value) + a.error);
    const error = value === 0 ? Math.exp(a.value + a.error) : value * Math.expm1(a.error);
    return this.#rounded(value, error, units);
  }

  /** Left to right. */
  sum(terms: readonly Bounded[]): Bounded {
    let [value, error, magnitude] = [0, 0, 0];
    for (const term of terms) {
      value += term.value;
      error += term.error;
      magnitude += Math.abs(term.value) + term.error;
    }
    const gamma = this.gamma(Math.max(0, terms.length - 1));
    return this.#checked(value, error + gamma * magnitude + (this.#precision.flushes ? terms.length * this.#tiny : 0));
  }

  /**
   * `sum over k of x[k] w[k]`, each product and each addition rounded: `gamma(n) sum |x| |w|` and what the inputs'
   * errors become.
   */
  dot(x: readonly Bounded[], w: readonly Bounded[]): Bounded {
    let [value, inherited, magnitude] = [0, 0, 0];
    for (const [k, a] of x.entries()) {
      const b = w[k]!;
      value += a.value * b.value;
      inherited += Math.abs(a.value) * b.error + (Math.abs(b.value) + b.error) * a.error;
      magnitude += (Math.abs(a.value) + a.error) * (Math.abs(b.value) + b.error);
    }
    const n = x.length;
    const underflow = 2 * n * this.#tiny * (1 + this.gamma(n));
    return this.#checked(value, inherited + this.gamma(n) * magnitude + underflow);
  }

  largest(all: readonly Bounded[]): Bounded {
    return { value: Math.max(...all.map(({ value }) => value)), error: Math.max(...all.map(({ error }) => error)) };
  }

  #rounded(value: number, error: number, units = 1): Bounded {
    return this.#checked(value, error + (Math.abs(value) + error) * units * UNIT + this.#tiny);
  }

  /** Nothing is known of what may overflow. */
  #checked(value: number, error: number): Bounded {
    return { value, error: Math.abs(value) + error < LARGEST ? error : Number.POSITIVE_INFINITY };
  }
}

/** The same number, exactly, in float32 too. */
export const exact = (value: number): Bounded => ({ value, error: 0 });
/** The opposite, which is not rounded. */
export const negative = ({ value, error }: Bounded): Bounded => ({ value: -value, error });
