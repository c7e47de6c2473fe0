/**
 * How much of the target's mass drafted tokens can carry.
 * @packageDocumentation
 */
import { massOf } from '../draft/draft-law.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { Round } from './rule.ts';

/** `min(1, r p / q)`; one where q is zero, because such a token is never drawn. */
export function acceptance<T>({ one, multiply, divide, compare }: Arithmetic<T>, r: T, p: T, q: T): T {
  const wanted = multiply(r, p);
  return compare(wanted, q) >= 0 ? one : divide(wanted, q);
}

/** `r_0 = 1, r_i = min(1, r_(i-1) p(x_i) / q(x_i))`: how much of the target's mass the first i tokens can carry. */
export function carriedMass<T>({ draft, target }: Round<T>, arithmetic: Arithmetic<T>): T[] {
  const carried = [arithmetic.one];
  draft.tokens.forEach((token, i) => {
    const q = massOf(arithmetic, draft.laws[i]!, token);
    carried.push(acceptance(arithmetic, carried[i]!, target(i - 1)[token]!, q));
  });
  return carried;
}
