/**
 * How drafts of a problem are drawn: grown as the production drafters grow theirs, from the problem's laws.
 * @packageDocumentation
 */
import type { Chance, DrawMethod } from '../chance/chance.ts';
import type { DraftPlan, PlannedChild } from '../draft/choice.ts';
import { branchTo, childrenOf, type Draft, depthOf, isChain } from '../draft/draft.ts';
import type { Drawing } from '../draft/drafter.ts';
import { type GrowingNode, growDraft, type LawAfter } from '../draft/grow.ts';
import { foundAtOnce } from '../model/pass-request.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import { keyOf, oncePerPrefix } from './prefix.ts';
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
  const { depth, children } = shape;
  const plan: DraftPlan = { drawn, depth, children };
  const afterPrefix = oncePerPrefix((prefix) => lawAfter(problem, lift, prefix));
  const racing = draws === 'race' && shape.isChain;
  const lawsAfter = (level: readonly GrowingNode[]): LawAfter<T>[] => level.map(({ drafted }) => afterPrefix(drafted));
  return (chance) => {
    const drawing: Drawing<T> = racing ? { chance, arithmetic, draws } : { chance, arithmetic };
    const draft = foundAtOnce(
      growDraft<T>({
        drawing,
        plan,
        depth,
        position: 0,
        lawsAfter,
      }),
    );
    const { tokens, parents, laws } = shape.inOrder(draft);
    return { tokens, parents, laws, drawn };
  };
}

/** What the problem says after a prefix, in numbers of type T; each answer is made once. */
function lawAfter<T>(problem: Problem, lift: (law: ExactLaw) => ArrayLike<T>, prefix: readonly number[]): LawAfter<T> {
  let ranked: readonly number[] | undefined;
  let lifted: ArrayLike<T> | undefined;
  return {
    mostLikely(count) {
      ranked ??= ranking(problem.draft(prefix));
      return ranked.slice(0, count);
    },
    law() {
      lifted ??= lift(problem.draft(prefix));
      return lifted;
    },
  };
}

/** The shape that the drafts of a problem have when no token is missing. */
class ProblemShape {
  readonly isChain: boolean;
  readonly depth: number;
  /** Children of the root. */
  readonly children: readonly PlannedChild[];
  /** The node at each path of ranks. */
  readonly #nodes = new Map<string, number>();
  readonly #byLevel: boolean;

  constructor(parents: readonly number[]) {
    const draft = { tokens: parents.map(() => 0), parents, laws: [] };
    this.isChain = isChain(draft);
    this.depth = depthOf(draft);
    const root: PlannedChild[] = [];
    const nodes: { readonly path: readonly number[]; readonly children: PlannedChild[] }[] = [];
    for (const [node, parent] of parents.entries()) {
      const { path, children: siblings } = parent < 0 ? { path: [], children: root } : nodes[parent]!;
      const [rank, children] = [siblings.length, [] as PlannedChild[]];
      siblings.push({ rank, children });
      nodes.push({ path: [...path, rank], children });
      this.#nodes.set(keyOf([...path, rank]), node);
    }
    this.children = root;
    this.#byLevel = parents.every((parent, i) => i === 0 || parent >= parents[i - 1]!);
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
