/**
 * Sums of products as engines compute them: every order that a compiler, a vector unit or a library may choose.
 * @packageDocumentation
 */
import type { Round } from './formats.ts';

/** An order of summation. */
export interface SummationOrder {
  readonly name: string;
  /** Partial sums that run side by side, as in the lanes of a vector register; null: by halves, recursively. */
  readonly lanes: number | null;
  /** Whether a product is added without being rounded before. */
  readonly fused: boolean;
}

/** The orders that are emulated. */
export const SUMMATION_ORDERS: readonly SummationOrder[] = [
  { name: 'ascending', lanes: 1, fused: false },
  { name: 'ascending, fused', lanes: 1, fused: true },
  { name: 'pairwise', lanes: null, fused: false },
  { name: '8 lanes', lanes: 8, fused: false },
  { name: '16 lanes, fused', lanes: 16, fused: true },
];

/** Sums in one order, every addition rounded. */
export interface Summation {
  /** The sum of the first n numbers. */
  sum(terms: Float64Array, n: number): number;
  /** `sum over k < n of x[xAt + k] w[wAt + k wStride]`. */
  dot(x: Float64Array, xAt: number, w: Float64Array, wAt: number, wStride: number, n: number): number;
}

/** Sums in an order, rounded by a function that rounds to float64 itself or to something narrower. */
export function summation({ lanes, fused }: SummationOrder, round: Round): Summation {
  const halves = (terms: Float64Array, from: number, n: number): number => {
    if (n <= 1) return n === 0 ? 0 : terms[from]!;
    const half = n >> 1;
    return round(halves(terms, from, half) + halves(terms, from + half, n - half));
  };
  if (lanes === null) {
    let products = new Float64Array(0);
    return {
      sum: (terms, n) => halves(terms, 0, n),
      dot(x, xAt, w, wAt, wStride, n) {
        if (products.length < n) products = new Float64Array(n);
        for (let k = 0; k < n; k++) products[k] = round(x[xAt + k]! * w[wAt + k * wStride]!);
        return halves(products, 0, n);
      },
    };
  }
  const sums = new Float64Array(lanes);
  const isWide = round(1 + Number.EPSILON) !== 1;
  return {
    sum(terms, n) {
      sums.fill(0);
      for (let k = 0; k < n; k++) sums[k % lanes] = round(sums[k % lanes]! + terms[k]!);
      return halves(sums, 0, lanes);
    },
    dot(x, xAt, w, wAt, wStride, n) {
      sums.fill(0);
      for (let k = 0; k < n; k++) {
        const [a, b, lane] = [x[xAt + k]!, w[wAt + k * wStride]!, k % lanes];
        const sum = sums[lane]!;
        if (!fused) sums[lane] = round(sum + round(a * b));
        else sums[lane] = isWide ? fusedInFloat64(a, b, sum) : round(sum + a * b);
      }
      return halves(sums, 0, lanes);
    },
  };
}

/** Splits a float64 into two halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

/**
 * `a b + c`, rounded once, in rare cases twice: the product and the sum with what their roundings
 * left over.
 * @source Dekker 1971, Numerische Mathematik 18 (product); Knuth, The Art of Computer Programming, volume 2, 4.2.2
 * (sum)
 */
function fusedInFloat64(a: number, b: number, c: number): number {
  const product = a * b;
  const [ta, tb] = [SPLITTER * a, SPLITTER * b];
  const [aHigh, bHigh] = [ta - (ta - a), tb - (tb - b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  const productRest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  const sum = product + c;
  const back = sum - product;
  const sumRest = product - (sum - back) + (c - back);
  return sum + (productRest + sumRest);
}
