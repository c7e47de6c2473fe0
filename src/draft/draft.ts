/**
 * What a drafter hands to the verifier.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';

/** The law that a drafted token was drawn from; `point` for a token that was not drawn but computed. */
export type DraftLaw<T> = ArrayLike<T> | 'point';

/**
 * How the children of a node were drawn.
 *
 * - `independent`: each from the same law. Two may be the same token; they are distinct nodes.
 * - `without-replacement`: each from what the earlier ones left of one law, normalised.
 * - `top`: not drawn, but computed: the most likely tokens of a law.
 */
export type Drawn = 'independent' | 'without-replacement' | 'top';

/**
 * Drafted tokens as a tree, each with the law that it was really drawn from (SPEC-DRAFT-LAW). A chain is a tree without
 * branches. Node i follows node `parents[i]`, or the last token of the text if `parents[i]` is -1. Parents come before
 * children.
 */
export interface Draft<T> {
  readonly tokens: readonly number[];
  readonly parents: readonly number[];
  /** Siblings that were drawn without replacement all have the law of the first draw. */
  readonly laws: readonly DraftLaw<T>[];
  /**
   * How siblings were drawn. The children of different parents are drawn independently. Most rules need this when there
   * are siblings.
   */
  readonly drawn?: Drawn;
}

/** The draft of no tokens. */
export const EMPTY_DRAFT: Draft<never> = { tokens: [], parents: [], laws: [] };

/** A draft in which each token follows the one before. */
export function chain<T>(tokens: readonly number[], laws: readonly DraftLaw<T>[]): Draft<T> {
  return { tokens, parents: tokens.map((_, i) => i - 1), laws };
}

/** Whether no node has two children. */
export function isChain(draft: Draft<unknown>): boolean {
  const { parents } = draft;
  for (let i = 0; i < parents.length; i++) if (parents[i] !== i - 1) return false;
  return true;
}

/**
 * How the siblings of a draft were drawn. A draft that does not say it, and whose laws are all point masses, was
 * computed (`top`). Null: not known.
 */
export function drawnOf({ drawn, laws }: Draft<unknown>): Drawn | null {
  return drawn ?? (laws.every((law) => law === 'point') ? 'top' : null);
}

/** Children of a node (-1 for the root), in ascending order. */
export function childrenOf(draft: Draft<unknown>, node: number): number[] {
  return draft.parents.flatMap((parent, i) => (parent === node ? [i] : []));
}

/** Nodes of the branch from the root down to `node`, which is the last. Empty for -1. */
export function branchTo(draft: Draft<unknown>, node: number): number[] {
  const branch: number[] = [];
  for (let at = node; at >= 0; at = draft.parents[at]!) branch.push(at);
  return branch.reverse();
}

/** Length of the longest branch, in tokens. */
export function depthOf(draft: Draft<unknown>): number {
  const depths: number[] = [];
  draft.parents.forEach((parent) => {
    depths.push(parent < 0 ? 1 : depths[parent]! + 1);
  });
  return Math.max(0, ...depths);
}

/**
 * Asserts that a draft is a well-formed tree.
 * @throws {@link ShapeError} when lists differ in length or a parent does not come before its child.
 */
export function checkDraft(draft: Draft<unknown>): void {
  const { tokens, parents, laws } = draft;
  if (parents.length !== tokens.length || laws.length !== tokens.length) {
    throw new ShapeError(
      'draft',
      `a parent and a law for each of ${tokens.length} tokens`,
      `${parents.length}, ${laws.length}`,
    );
  }
  parents.forEach((parent, i) => {
    if (!Number.isInteger(parent) || parent < -1 || parent >= i) {
      throw new ShapeError(`parent of drafted token ${i}`, '-1 or an earlier node', `${parent}`);
    }
  });
}
