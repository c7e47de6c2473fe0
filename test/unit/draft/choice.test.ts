import { describe, expect, it } from 'vitest';
import { type DraftChoice, type DraftPlan, planOf } from '../../../src/draft/choice.ts';
import { OptionError } from '../../../src/errors.ts';

/** Ranks of the children after a path of ranks. */
function ranksAfter({ children }: DraftPlan, path: readonly number[]): number[] {
  let here = children;
  for (const rank of path) here = here.find((child) => child.rank === rank)!.children;
  return here.map(({ rank }) => rank);
}

describe('planOf', () => {
  it('a chain has one child everywhere', () => {
    const plan = planOf({ kind: 'top1', length: 4 });
    expect([plan.depth, plan.drawn, ranksAfter(plan, []), ranksAfter(plan, [0, 0])]).toEqual([4, 'top', [0], [0]]);
    expect(planOf({ kind: 'sample', length: 1 }).drawn).toBe('independent');
  });

  it('a full tree has as many children as its depth says, whatever the path', () => {
    const plan = planOf({ kind: 'full tree', children: [3, 2], drawn: 'without-replacement' });
    expect([plan.depth, plan.drawn]).toEqual([2, 'without-replacement']);
    expect([[], [0], [2], [2, 1]].map((path) => ranksAfter(plan, path))).toEqual([[0, 1, 2], [0, 1], [0, 1], []]);
  });

  it('a wide and deep tree takes no more memory than its levels', () => {
    const plan = planOf({ kind: 'full tree', children: new Array(40).fill(10), drawn: 'top' }); // 10^40 leaves
    expect(ranksAfter(plan, new Array(39).fill(9))).toHaveLength(10);
  });

  it('paths list the ranks of each node in their order', () => {
    const plan = planOf({ kind: 'paths', paths: [[1], [0], [0, 2], [0, 0], [0, 2, 5]] });
    expect([plan.depth, plan.drawn]).toEqual([3, 'top']);
    expect([[], [0], [1], [0, 2]].map((path) => ranksAfter(plan, path))).toEqual([[1, 0], [2, 0], [], [5]]);
  });

  it.each<[string, DraftChoice]>([
    ['no tokens', { kind: 'top1', length: 0 }],
    ['a fraction of a token', { kind: 'sample', length: 1.5 }],
    ['more tokens than there may be', { kind: 'top1', length: 4 }],
    ['a tree without levels', { kind: 'full tree', children: [], drawn: 'top' }],
    ['a level without children', { kind: 'full tree', children: [2, 0], drawn: 'top' }],
    ['a fraction of a child', { kind: 'full tree', children: [1.5], drawn: 'independent' }],
    ['a tree that is too deep', { kind: 'full tree', children: [1, 1, 1, 1], drawn: 'top' }],
    ['no paths', { kind: 'paths', paths: [] }],
    ['an empty path', { kind: 'paths', paths: [[], [0]] }],
    ['a path twice', { kind: 'paths', paths: [[0], [0]] }],
    ['a path without its parent', { kind: 'paths', paths: [[0], [1, 0]] }],
    ['a negative rank', { kind: 'paths', paths: [[-1]] }],
    ['a path that is too deep', { kind: 'paths', paths: [[0], [0, 0], [0, 0, 0], [0, 0, 0, 0]] }],
  ])('refuses %s', (_, choice) => {
    expect(() => planOf(choice, 3)).toThrow(OptionError);
  });
});
