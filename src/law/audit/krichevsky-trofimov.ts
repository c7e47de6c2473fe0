/**
 * Betting on letters whose law is unknown.
 *
 * Krichevsky and Trofimov's estimate gives the next of S letters, after n letters of which n_x were x, the probability
 * `(n_x + 1/2) / (n + S/2)`. The product over a sequence is the Dirichlet(1/2) mixture of all laws on S letters, so it
 * is itself a law, and it is never far below the best law chosen in hindsight:
 *
 * `sum_x n_x ln(n_x / n) - ln KT(x1..xn) <= (S - 1)/2 ln n + ln S` for every sequence of n >= 1 letters.
 *
 * Why: the left side is `c(n) - sum_x h(n_x)` with `h(k) = sum_(i<k) ln(i + 1/2) - k ln k`. By
 * `ln(1 + 1/k) > 1/(k + 1/2)` h is concave, and h(0) = 0, so the sum is smallest when all letters are equal; there the
 * left side is ln S at n = 1 and grows by `ln(1 + (S-1)/2 / (n + 1/2)) <= (S-1)/2 ln(1 + 1/n)` with each letter, by the
 * same inequality.
 * @packageDocumentation
 */
import { ln, lnGamma } from '../../numerics/elementary.ts';

/**
 * The Krichevsky–Trofimov estimate over some letters.
 * @source Krichevsky & Trofimov 1981, "The performance of universal encoding", IEEE Trans. Inf. Theory 27(2)
 * @example
 * import assert from 'node:assert/strict';
 * import { KrichevskyTrofimov } from 'turbo-lora/law';
 * const estimate = new KrichevskyTrofimov(2);
 * estimate.add(1);
 * assert.equal(estimate.probability(1), 0.75);
 */
export class KrichevskyTrofimov {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** @param letters the number of different letters: S. */
  constructor(readonly letters: number) {}

  /** Number of letters added so far. */
  get total(): number {
    return this.#total;
  }

  /** How often this letter was added. */
  count(letter: number): number {
    return this.#counts.get(letter) ?? 0;
  }

  /** `(n_x + 1/2) / (n + S/2)`. */
  probability(letter: number): number {
    return (this.count(letter) + 0.5) / (this.#total + this.letters / 2);
  }

  /**
   * ln of the probability that the next letters are this one, this many times:
   * `sum_(i < times) ln((n_x + i + 1/2) / (n + i + S/2))`, from gamma functions where that is more than one term.
   */
  logProbability(letter: number, times: number): number {
    if (times === 1) return ln(this.probability(letter));
    const rising = (start: number): number => lnGamma(start + times) - lnGamma(start);
    return rising(this.count(letter) + 0.5) - rising(this.#total + this.letters / 2);
  }

  /** Counts more letters. */
  add(letter: number, times = 1): void {
    this.#counts.set(letter, this.count(letter) + times);
    this.#total += times;
  }
}

/**
 * The most that the estimate loses, in nats, against the best law chosen in hindsight: `(S - 1)/2 ln n + ln S`.
 * @source Krichevsky & Trofimov 1981; for S letters Tjalkens, Shtarkov & Willems 1993, "Sequential weighting algorithms
 * for multi-alphabet sources"
 * @example
 * import assert from 'node:assert/strict';
 * import { regretBound } from 'turbo-lora/law';
 * assert.equal(regretBound(3, 1), Math.log(3));
 */
export function regretBound(letters: number, total: number): number {
  return total === 0 ? 0 : ((letters - 1) / 2) * ln(total) + ln(letters);
}
