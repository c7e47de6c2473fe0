/**
 * How drafts of a problem are drawn: node by node, with the conventions of the production drafters.
 * @packageDocumentation
 */

import type { Chance, DrawMethod } from '../chance/chance.ts';
import { type Draft, type DraftLaw, type Drawn, isChain } from '../draft/draft.ts';
import type { DraftRequest } from '../draft/drafter.ts';
import { drawToken } from '../draft/siblings.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import { keyOf } from './prefix.ts';
import type { ExactLaw, Problem } from './problem.ts';

/** Token ids by descending probability, lower ids first on ties; tokens of probability zero are left out. */
export function ranking(law: ExactLaw): number[] {
  const possible = law.flatMap((probability, token) => (probability.compare(0) > 0 ? [token] : []));
  return possible.sort((a, b) => law[b]!.compare(law[a]!) || a - b);
}

/**
 * Draws the drafts of a problem. A node is missing if its parent is missing or no token is left for it. Chains are
 * drawn by race on the target's clocks if the rule requires it.
 */
export function proposal<T>(
  problem: Problem,
  arithmetic: Arithmetic<T>,
  lift: (law: ExactLaw) => ArrayLike<T>,
  draws: DrawMethod = 'inverse cdf',
): (chance: Chance<T>) => Draft<T> {
  const lifted = new Map<string, ArrayLike<T>>();
  const lawAfter = (prefix: readonly number[]): ArrayLike<T> => {
    const key = keyOf(prefix);
    const law = lifted.get(key) ?? lift(problem.draft(prefix));
    lifted.set(key, law);
    return law;
  };
  const ranked = new Map<string, readonly number[]>();
  const rankingAfter = (prefix: readonly number[]): readonly number[] => {
    const key = keyOf(prefix);
    const tokens = ranked.get(key) ?? ranking(problem.draft(prefix));
    ranked.set(key, tokens);
    return tokens;
  };
  const shape = { tokens: problem.parents.map(() => 0), parents: problem.parents, laws: [] };
  const races = draws === 'race' && isChain(shape);
  return (chance) => {
    const draft = { tokens: [] as number[], parents: [] as number[], laws: [] as DraftLaw<T>[], drawn: problem.drawn };
    const prefixes: number[][] = []; // of each node, itself included
    const nodeOf = new Map<number, number>([[-1, -1]]);
    for (const [shapeNode, shapeParent] of problem.parents.entries()) {
      const parent = nodeOf.get(shapeParent);
      if (parent === undefined) continue;
      const prefix = parent < 0 ? [] : prefixes[parent]!;
      const siblings = draft.tokens.filter((_, node) => draft.parents[node] === parent);
      const request = races ? { chance, draws: 'race' as const } : { chance };
      const drawn =
        problem.drawn === 'top'
          ? computed(rankingAfter(prefix), siblings)
          : child(problem.drawn, prefix, siblings, lawAfter(prefix), arithmetic, request);
      if (drawn === null) continue;
      nodeOf.set(shapeNode, draft.tokens.length);
      prefixes.push([...prefix, drawn.token]);
      draft.tokens.push(drawn.token);
      draft.parents.push(parent);
      draft.laws.push(drawn.law);
    }
    return draft;
  };
}

type Child<T> = { readonly token: number; readonly law: DraftLaw<T> };

/** The most likely token that is not a sibling yet; null if there is none. */
function computed(ranked: readonly number[], siblings: readonly number[]): Child<never> | null {
  const token = ranked[siblings.length];
  return token === undefined ? null : { token, law: 'point' };
}

function child<T>(
  drawn: Drawn,
  prefix: readonly number[],
  siblings: readonly number[],
  law: ArrayLike<T>,
  arithmetic: Arithmetic<T>,
  request: Pick<DraftRequest<T>, 'chance' | 'draws'>,
): Child<T> | null {
  if (drawn === 'independent' || siblings.length === 0) return { token: drawToken(request, prefix.length, law), law };
  const left = Array.from(law, (weight, token) => (siblings.includes(token) ? arithmetic.zero : weight));
  if (!left.some((weight) => arithmetic.compare(weight, arithmetic.zero) > 0)) return null;
  return { token: drawToken(request, prefix.length, left), law };
}
