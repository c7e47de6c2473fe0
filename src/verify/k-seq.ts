import { lawInFull } from '../draft/draft-law.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';
import { descend } from './descend.ts';
import { excess, withMass } from './residual.ts';
import type { Rule } from './rule.ts';

/** How finely rho is chosen: in steps of `(k - 1) / 2^12`. */
const HALVINGS = 12;

/** The acceptance of one sibling: `min(q, p / rho)` per token, and its sum beta. @shape p, q: [V] */
function overlap<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, q: readonly T[], rho: T): { shared: T[]; beta: T } {
  const shared = q.map((mass, x) => {
    const share = arithmetic.divide(p[x]!, rho);
    return arithmetic.compare(mass, share) <= 0 ? mass : share;
  });
  return { shared, beta: sum(arithmetic, shared) };
}

/** `1 - (1 - beta)^k`: the probability that one of k siblings is accepted. */
function someAccepted<T>({ one, subtract, multiply }: Arithmetic<T>, beta: T, k: number): T {
  let none = one;
  for (let i = 0; i < k; i++) none = multiply(none, subtract(one, beta));
  return subtract(one, none);
}

/**
 * The factor rho of K-SEQ, in [1, k]: the smallest number on a dyadic grid for which `1 - (1 - beta)^k <= rho beta`,
 * where `beta(rho) = sum_x min(q(x), p(x) / rho)`.
 *
 * At equality the acceptance is greatest, but that root is irrational in general. The rule is lossless at every rho
 * that satisfies the inequality: token x is emitted by acceptance with probability
 * `min(q, p / rho) (1 - (1 - beta)^k) / beta <= p(x) / rho * rho = p(x)`, so the residual is not negative. `rho beta`
 * grows with rho and `1 - (1 - beta)^k` falls, so bisection from [1, k] keeps its upper end on the safe side; it is a
 * dyadic rational, the same in float64 and in exact arithmetic.
 * @shape p, q: [V]
 * @source Sun et al. 2023, arXiv 2310.15141 (SpecTr)
 * @example
 * import assert from 'node:assert/strict';
 * import { float64 } from 'turbo-lora/numerics';
 * import { kSeqRho } from 'turbo-lora/verify';
 * assert.equal(kSeqRho(float64, [0.5, 0.5], [0.25, 0.75], 1), 1);
 */
export function kSeqRho<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, q: readonly T[], k: number): T {
  const { one, add, multiply, divide, compare } = arithmetic;
  const safe = (rho: T): boolean => {
    const { beta } = overlap(arithmetic, p, q, rho);
    return compare(someAccepted(arithmetic, beta, k), multiply(rho, beta)) <= 0;
  };
  if (safe(one)) return one;
  const two = add(one, one);
  let [low, high] = [one, one];
  for (let i = 1; i < k; i++) high = add(high, one);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = divide(add(low, high), two);
    if (safe(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * SpecTr's K-SEQ: of k independent siblings accept the first x whose uniform number is below `p(x) / (rho q(x))`; if
 * none is accepted, draw from `p - min(q, p / rho) (1 - (1 - beta)^k) / beta`.
 *
 * All siblings have the same acceptance threshold, unlike in multi-step rules; the acceptance `1 - (1 - beta)^k` is at
 * least 1 - 1/e of the best possible. On a tree it decides level by level, which keeps it lossless. With one child rho
 * is 1, and it is rejection sampling.
 * @source Sun et al. 2023, arXiv 2310.15141 (SpecTr)
 */
export const kSeq: Rule<'k-seq'> = {
  name: 'k-seq',
  guarantee: 'lossless; one common factor for independent siblings, at least 1 - 1/e of the best acceptance',
  lossless: 'law',
  source: 'Sun et al. 2023, arXiv 2310.15141',
  takes: { siblings: ['independent'] },
  readsDraftLaws: true,
  decide: (round, arithmetic, chance) =>
    descend(round, arithmetic, chance, ({ draft, children, law, position }) => {
      const { multiply, divide, compare, zero } = arithmetic;
      const first = children[0]!;
      const q = lawInFull(arithmetic, draft.laws[first]!, draft.tokens[first]!, law.length);
      const rho = kSeqRho(arithmetic, law, q, children.length);
      for (const child of children) {
        const token = draft.tokens[child]!;
        const accept = { purpose: 'accept', position } as const;
        if (chance.accept(accept, law[token]!, multiply(rho, q[token]!))) return { child };
      }
      const { shared, beta } = overlap(arithmetic, law, q, rho);
      const some = someAccepted(arithmetic, beta, children.length);
      const used = shared.map((mass) => (compare(beta, zero) > 0 ? divide(multiply(mass, some), beta) : zero));
      const rest = used.map((mass, x) => excess(arithmetic, law[x]!, mass));
      return { token: chance.draw({ purpose: 'residual', position }, withMass(arithmetic, rest, law)) };
    }),
};
