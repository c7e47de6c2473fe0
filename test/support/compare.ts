/** Comparison of computed numbers with expected ones: class first, then a stated bound; reports the worst. */

export interface Difference {
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
  /** |actual - expected| */
  readonly absolute: number;
  /** In units of the bound; above 1 is a failure. */
  readonly ofBound: number;
}

type NumberClass = 'finite' | 'nan' | '+inf' | '-inf';

function classOf(x: number): NumberClass {
  if (Number.isNaN(x)) return 'nan';
  if (Number.isFinite(x)) return 'finite';
  return x > 0 ? '+inf' : '-inf';
}

/**
 * The worst difference between two equally long lists of numbers, in units of `bound`.
 * @throws when lengths differ or a number is of another class (NaN, +inf, -inf, finite) than expected.
 */
export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): Difference {
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} numbers, got ${actual.length}`);
  if (expected.length === 0) throw new Error('nothing to compare');
  let worst: Difference | null = null;
  for (let index = 0; index < expected.length; index++) {
    const [a, e] = [actual[index]!, expected[index]!];
    if (classOf(a) !== classOf(e)) throw new Error(`number ${index}: expected ${e}, got ${a}`);
    const absolute = classOf(a) === 'finite' ? Math.abs(a - e) : 0;
    const ofBound = absolute / bound;
    if (worst === null || ofBound > worst.ofBound) worst = { index, actual: a, expected: e, absolute, ofBound };
  }
  return worst!;
}

export function largestMagnitude(numbers: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) largest = Math.max(largest, Math.abs(numbers[i]!));
  return largest;
}
