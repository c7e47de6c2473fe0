import type { Chance } from '../chance/chance.ts';
import { normalised, without } from '../chance/distribution.ts';
import { childrenOf } from '../draft/draft.ts';
import { lawInFull } from '../draft/draft-law.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';
import { acceptance } from './carried-mass.ts';
import { scaledResidual } from './residual.ts';
import type { Round, Rule, Verdict } from './rule.ts';

/**
 * Traversal verification: block verification for trees, deepest nodes first. Visit a node with the mass r that it can
 * carry (the root: 1) and its laws p and q. For each child t in turn: `r_t = min(1, r p(t) / q(t))` and visit t; if it
 * is accepted, so are its ancestors. If not: `M = sum_x max(r p - q, 0)`, `p := max(r p - q, 0) / M`,
 * `r := M / (M + 1 - r)` (0/0 = 1), and for siblings without replacement `q := norm(q without t)`. When no child is
 * left, accept the node itself with probability r, and draw the token after it from p.
 *
 * On chains it is block verification, coin for coin.
 * @source Weng et al. 2025, arXiv 2505.12398, algorithm 3
 */
export const traversal: Rule<'traversal'> = {
  name: 'traversal',
  guarantee: 'lossless; block verification for trees, leaves before their parents',
  lossless: 'law',
  source: 'Weng et al. 2025, arXiv 2505.12398',
  takes: { siblings: ['without-replacement', 'independent', 'top'] },
  readsDraftLaws: true,
  decide: (round, arithmetic, chance) => visit(round, arithmetic, chance, [], arithmetic.one)!,
};

/** The verdict when the last node of `path` (an empty path: the root) or one below it is accepted, otherwise null. */
function visit<T>(
  round: Round<T>,
  arithmetic: Arithmetic<T>,
  chance: Chance<T>,
  path: readonly number[],
  carried: T,
): Verdict | null {
  const { draft, target, position } = round;
  const node = path.at(-1) ?? -1;
  let r = carried;
  let p = target(node);
  let left: T[] | null = null;
  const children = childrenOf(draft, node);
  for (const child of children) {
    const token = draft.tokens[child]!;
    const q: T[] = left ?? lawInFull(arithmetic, draft.laws[child]!, token, p.length);
    const below = acceptance(arithmetic, r, p[token]!, q[token]!);
    const verdict = visit(round, arithmetic, chance, [...path, child], below);
    if (verdict !== null) return verdict;
    const rest = scaledResidual(arithmetic, r, p, q);
    r = keptMass(arithmetic, sum(arithmetic, rest), r);
    p = normalised(arithmetic, rest) ?? p; // without mass r is zero, and the laws no longer matter
    if (draft.drawn === 'without-replacement') left = without(arithmetic, q, token);
  }
  const at = position + path.length;
  if (node >= 0 && !chance.accept({ purpose: 'accept', position: at - 1 }, r, arithmetic.one)) return null;
  const purpose = children.length > 0 ? 'residual' : 'target';
  return { accepted: path, token: chance.draw({ purpose, position: at }, p) };
}

/** `M / (M + 1 - r)`, 0/0 = 1. */
function keptMass<T>({ one, zero, add, subtract, divide, compare }: Arithmetic<T>, excess: T, r: T): T {
  const all = add(excess, subtract(one, r));
  return compare(all, zero) === 0 ? one : divide(excess, all);
}
