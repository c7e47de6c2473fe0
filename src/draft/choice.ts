/**
 * What a drafter builds of the laws that it computes: a chain or a tree, of most likely tokens or of drawn ones.
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

/** A choice in one form: how siblings are drawn, how deep it goes, and which ranks the children of a node have. */
export interface DraftPlan {
  readonly drawn: Drawn;
  readonly depth: number;
  /** Ranks of the children of the node with this path of ranks. Draws have the ranks 0, 1, … in the order drawn. */
  readonly ranksAfter: (path: readonly number[]) => readonly number[];
}

/**
 * Checks a choice.
 * @throws {@link OptionError} for a length or a number of children that is not an integer of at least 1, for more than
 * `deepest` tokens in a row, or for paths that do not form a tree.
 * @example
 * import assert from 'node:assert/strict';
 * import { planOf } from 'turbo-lora/draft';
 * const { depth, ranksAfter } = planOf({ kind: 'paths', paths: [[0], [0, 2], [0, 1]] });
 * assert.deepEqual([depth, ranksAfter([]), ranksAfter([0])], [2, [0], [2, 1]]);
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
      return { drawn: 'top', depth: choice.length, ranksAfter: () => [0] };
    case 'sample':
      return { drawn: 'independent', depth: choice.length, ranksAfter: () => [0] };
    case 'full tree': {
      checkChildren(choice.children);
      const ranks = choice.children.map((count) => Array.from({ length: count }, (_, rank) => rank));
      return { drawn: choice.drawn, depth: ranks.length, ranksAfter: (path) => ranks[path.length] ?? [] };
    }
    case 'paths': {
      const ranks = ranksByPath(choice.paths);
      const depth = Math.max(0, ...choice.paths.map((path) => path.length));
      return { drawn: 'top', depth, ranksAfter: (path) => ranks.get(path.join(',')) ?? [] };
    }
  }
}

/**
 * Asserts that a number of children is given for each depth.
 * @throws {@link OptionError} when one is not an integer of at least 1.
 */
export function checkChildren(children: readonly number[]): void {
  for (const count of children) {
    if (!Number.isInteger(count) || count < 1)
      throw new OptionError('draft tree', 'integers of at least 1', `${count}`);
  }
}

function ranksByPath(paths: readonly (readonly number[])[]): Map<string, number[]> {
  const ranks = new Map<string, number[]>([['', []]]);
  for (const path of [...paths].sort((a, b) => a.length - b.length)) {
    const [name, siblings] = [path.join(','), ranks.get(path.slice(0, -1).join(','))];
    const fits = path.length > 0 && path.every((rank) => Number.isInteger(rank) && rank >= 0);
    if (!fits || ranks.has(name) || siblings === undefined) {
      throw new OptionError('tree paths', 'distinct non-empty paths of ranks, each with its parent', `[${name}]`);
    }
    ranks.set(name, []);
    siblings.push(path.at(-1)!);
  }
  return ranks;
}
