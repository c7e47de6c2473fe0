/**
 * How drafts of a problem are drawn: grown as the production drafters grow theirs, from the problem's laws.
 * @packageDocumentation
 */
import type { Chance, DrawMethod } from '../chance/chance.ts';
import type { DraftPlan } from '../draft/choice.ts';
import { branchTo, childrenOf, type Draft, depthOf, isChain } from '../draft/draft.ts';
import { growDraft, type LawAfter } from '../draft/grow.ts';
import { foundAtOnce } from '../model/pass-request.ts';
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
  const { drawn } = problem;
  const shape = new ProblemShape(problem.parents);
  const plan: DraftPlan = { drawn, depth: shape.depth, ranksAfter: (path) => shape.ranksAfter(path) };
  const lawAfter = lawsOf(problem, lift);
  const racing = draws === 'race' && shape.isChain ? { draws } : {};
  return (chance) => {
    const draft = foundAtOnce(
      growDraft<T>({
        ...{ drawing: { chance, arithmetic, ...racing }, plan, depth: plan.depth, position: 0 },
        lawsAfter: (level) => level.map(({ drafted }) => lawAfter(drafted)),
      }),
    );
    return { ...shape.inOrder(draft), drawn };
  };
}

/** The draft law after each prefix, in numbers of type T; each is made once. */
function lawsOf<T>(
  problem: Problem,
  lift: (law: ExactLaw) => ArrayLike<T>,
): (prefix: readonly number[]) => LawAfter<T> {
  const known = new Map<string, LawAfter<T>>();
  return (prefix) => {
    const key = keyOf(prefix);
    let laws = known.get(key);
    if (laws === undefined) {
      let ranked: readonly number[] | undefined;
      let lifted: ArrayLike<T> | undefined;
      laws = {
        mostLikely(count) {
          ranked ??= ranking(problem.draft(prefix));
          return ranked.slice(0, count);
        },
        law() {
          lifted ??= lift(problem.draft(prefix));
          return lifted;
        },
      };
      known.set(key, laws);
    }
    return laws;
  };
}

/** The shape that the drafts of a problem have when no token is missing. */
class ProblemShape {
  readonly isChain: boolean;
  readonly depth: number;
  readonly #ranks = new Map<string, readonly number[]>();
  readonly #nodes = new Map<string, number>();
  readonly #byLevel: boolean;

  constructor(parents: readonly number[]) {
    const draft = { tokens: parents.map(() => 0), parents, laws: [] };
    this.isChain = isChain(draft);
    this.depth = depthOf(draft);
    const [paths, children] = [[] as number[][], parents.map(() => 0)];
    let first = 0;
    for (const [node, parent] of parents.entries()) {
      const rank = parent < 0 ? first++ : children[parent]!++;
      paths.push([...(parent < 0 ? [] : paths[parent]!), rank]);
      this.#nodes.set(keyOf(paths[node]!), node);
    }
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, rank) => rank);
    this.#ranks.set(keyOf([]), upTo(first));
    for (const [node, path] of paths.entries()) this.#ranks.set(keyOf(path), upTo(children[node]!));
    this.#byLevel = parents.every((parent, i) => i === 0 || parent >= parents[i - 1]!);
  }

  ranksAfter(path: readonly number[]): readonly number[] {
    return this.#ranks.get(keyOf(path)) ?? [];
  }

  /** A draft that grew level by level, with its nodes in the order that the problem gives them. */
  inOrder<T>(draft: Draft<T>): Draft<T> {
    if (this.#byLevel) return draft;
    const { tokens, parents, laws } = draft;
    const rankOf = (node: number): number => childrenOf(draft, parents[node]!).indexOf(node);
    const place = tokens.map((_, node) => this.#nodes.get(keyOf(branchTo(draft, node).map(rankOf)))!);
    const order = tokens.map((_, node) => node).sort((a, b) => place[a]! - place[b]!);
    return {
      tokens: order.map((node) => tokens[node]!),
      parents: order.map((node) => (parents[node]! < 0 ? -1 : order.indexOf(parents[node]!))),
      laws: order.map((node) => laws[node]!),
    };
  }
}
