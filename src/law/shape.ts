/**
 * Shapes of drafts, as written in a problem.
 * @packageDocumentation
 */
import { z } from 'zod';
import { depthOf } from '../draft/draft.ts';
import { ShapeError } from '../errors.ts';

/** A shape as JSON. */
export const shapeShape = z
  .union([
    z.strictObject({ chain: z.int().min(0).max(64) }).describe('A chain of this many tokens.'),
    z.strictObject({ children: z.array(z.int().min(1)).max(64) }).describe('Children of every node, by depth.'),
    z
      .strictObject({ parents: z.array(z.int().min(-1)).max(4096) })
      .describe('The parent of each node; -1 for the root.'),
  ])
  .describe('The shape of the draft.');

/** The longest branch of a draft: rules that walk down a tree recurse once per level. */
const DEEPEST = 1024;

/**
 * The parents that a shape describes.
 * @throws {@link ShapeError} when parents do not come before their children, there are more than 4096 nodes, or a
 * branch is longer than 1024.
 */
export function parentsFrom(shape: z.output<typeof shapeShape>): number[] {
  const parents = listedParents(shape);
  const depth = depthOf({ tokens: parents, parents, laws: [] });
  if (depth > DEEPEST) throw new ShapeError('shape', `branches of at most ${DEEPEST} tokens`, `${depth}`);
  return parents;
}

function listedParents(shape: z.output<typeof shapeShape>): number[] {
  if ('chain' in shape) return Array.from({ length: shape.chain }, (_, node) => node - 1);
  if ('children' in shape) return parentsOfFullTree(shape.children);
  shape.parents.forEach((parent, node) => {
    if (parent >= node) throw new ShapeError(`parent of node ${node}`, '-1 or an earlier node', `${parent}`);
  });
  return shape.parents;
}

/** Most tokens that one round of a problem can emit. */
export function longestRound({ parents }: { readonly parents: readonly number[] }): number {
  return depthOf({ tokens: parents.map(() => 0), parents, laws: [] }) + 1;
}

/**
 * Parents of the full tree with this many children per node at each depth, level by level.
 * @throws {@link ShapeError} when it has more than 4096 nodes.
 * @example
 * import assert from 'node:assert/strict';
 * import { parentsOfFullTree } from 'turbo-lora/law';
 * assert.deepEqual(parentsOfFullTree([2, 1]), [-1, -1, 0, 1]);
 */
export function parentsOfFullTree(children: readonly number[]): number[] {
  const parents: number[] = [];
  let level = [-1];
  for (const count of children) {
    if (parents.length + level.length * count > 4096) throw new ShapeError('tree', 'at most 4096 nodes', 'more');
    const next: number[] = [];
    for (const parent of level) {
      for (let child = 0; child < count; child++) next.push(parents.push(parent) - 1);
    }
    level = next;
  }
  return parents;
}
