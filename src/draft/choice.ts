/**
 * What a drafter builds from the laws that it computes: a chain or a tree, of most likely tokens or of drawn ones.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';
import type { Drawn } from './draft.ts';

/** How laws become a draft. */
export type DraftChoice =
  /** A chain of most likely tokens. */
  | { readonly kind: 'top1'; readonly length: number }
  /** A chain of draws. */
  | { readonly kind: 'sample'; readonly length: number }
  /** A tree with `children[d]` children for each node at depth d. */
  | { readonly kind: 'full tree'; readonly children: readonly number[]; readonly drawn: Drawn }
  /** Paths of ranks, as Medusa writes them: [0, 2] is the third most likely token after the most likely one. */
  | { readonly kind: 'paths'; readonly paths: readonly (readonly number[])[] };

/** A planned child of a node: its rank among the candidates, and the children planned below it. */
export interface PlannedChild {
  readonly rank: number;
  readonly children: readonly PlannedChild[];
}

/**
 * Every kind of choice in one form: how siblings are drawn, how deep the draft is, and which children each node gets.
 */
export interface DraftPlan {
  readonly drawn: Drawn;
  readonly depth: number;
  /** Children of the root. Draws have the ranks 0, 1, … in the order drawn. */
  readonly children: readonly PlannedChild[];
}

/**
 * Checks a choice.
 * @throws {@link OptionError} for a length or a number of children that is not an integer of at least 1, for more than
 * `deepest` tokens in a row, or for paths that do not form a tree.
 * @example
 * import assert from 'node:assert/strict';
 * import { planOf } from 'turbo-lora/draft';
 * const { depth, children } = planOf({ kind: 'paths', paths: [[0], [0, 2], [0, 1]] });
 * assert.deepEqual([depth, children[0]?.rank, children[0]?.children.map(({ rank }) => rank)], [2, 0, [2, 1]]);
 */
export function planOf(choice: DraftChoice, deepest = Number.POSITIVE_INFINITY): DraftPlan {
  const plan = uncheckedPlan(choice);
  const { depth } = plan;
  if (!Number.isInteger(depth) || depth < 1 || depth > deepest) {
    const most = Number.isFinite(deepest) ? `in [1, ${deepest}] (the adapter's heads)` : 'of at least 1';
    throw new OptionError('drafted tokens', `an integer ${most}`, `${depth}`);
  }
  return plan;
}

function uncheckedPlan(choice: DraftChoice): DraftPlan {
  switch (choice.kind) {
    case 'top1':
      return { drawn: 'top', depth: choice.length, children: ENDLESS };
    case 'sample':
      return { drawn: 'independent', depth: choice.length, children: ENDLESS };
    case 'full tree':
      checkChildren(choice.children);
      return { drawn: choice.drawn, depth: choice.children.length, children: fullTree(choice.children) };
    case 'paths': {
      const depth = Math.max(0, ...choice.paths.map((path) => path.length));
      return { drawn: 'top', depth, children: treeOf(choice.paths) };
    }
  }
}

/** A chain without an end. The depth of a plan cuts it. */
const ENDLESS: readonly PlannedChild[] = endlessChain();

function endlessChain(): readonly PlannedChild[] {
  const children: PlannedChild[] = [];
  children.push({ rank: 0, children });
  return children;
}

/** Nodes of one depth have the same children, so that a tree takes memory in its depth only. */
function fullTree(counts: readonly number[]): readonly PlannedChild[] {
  return counts.reduceRight<readonly PlannedChild[]>(
    (children, count) => Array.from({ length: count }, (_, rank) => ({ rank, children })),
    [],
  );
}

/**
 * Asserts that the numbers of children, one per depth, are possible.
 * @throws {@link OptionError} when one is not an integer of at least 1.
 */
export function checkChildren(children: readonly number[]): void {
  for (const count of children) {
    if (!Number.isInteger(count) || count < 1)
      throw new OptionError('draft tree', 'integers of at least 1', `${count}`);
  }
}

function treeOf(paths: readonly (readonly number[])[]): PlannedChild[] {
  const root: PlannedChild[] = [];
  const childrenOf = new Map<string, PlannedChild[]>([['', root]]);
  for (const path of [...paths].sort((a, b) => a.length - b.length)) {
    const [name, siblings] = [path.join(','), childrenOf.get(path.slice(0, -1).join(','))];
    const fits = path.length > 0 && path.every((rank) => Number.isInteger(rank) && rank >= 0);
    if (!fits || childrenOf.has(name) || siblings === undefined) {
      throw new OptionError('tree paths', 'distinct non-empty paths of ranks, each with its parent', `[${name}]`);
    }
    const children: PlannedChild[] = [];
    childrenOf.set(name, children);
    siblings.push({ rank: path.at(-1)!, children });
  }
  return root;
}
