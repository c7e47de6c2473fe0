import { describe, expect, it } from 'vitest';
import {
  branchTo,
  chain,
  checkDraft,
  childrenOf,
  type Draft,
  depthOf,
  EMPTY_DRAFT,
  isChain,
} from '../../../src/draft/draft.ts';
import { ShapeError } from '../../../src/errors.ts';

/**
 * 0 ── 2 ── 4
 * │    └─── 5
 * 1 ── 3
 */
const tree: Draft<number> = {
  tokens: [7, 8, 9, 7, 5, 5],
  parents: [-1, -1, 0, 1, 2, 2],
  laws: Array.from({ length: 6 }, () => 'point' as const),
};
const line = chain([4, 5, 6], ['point', 'point', 'point']);

describe('drafts', () => {
  it('a chain is a tree without branches', () => {
    expect(line.parents).toEqual([-1, 0, 1]);
    expect([line, EMPTY_DRAFT].map(isChain)).toEqual([true, true]);
    expect(isChain(tree)).toBe(false);
    // Two roots are a branch as well.
    expect(isChain({ tokens: [1, 2], parents: [-1, -1], laws: ['point', 'point'] })).toBe(false);
  });

  it('children in ascending order, of the root too', () => {
    expect([-1, 0, 1, 2, 5].map((node) => childrenOf(tree, node))).toEqual([[0, 1], [2], [3], [4, 5], []]);
  });

  it('a branch goes from the first drafted token down', () => {
    expect([-1, 0, 3, 5].map((node) => branchTo(tree, node))).toEqual([[], [0], [1, 3], [0, 2, 5]]);
  });

  it('depth is the length of the longest branch', () => {
    expect([EMPTY_DRAFT, line, tree].map(depthOf)).toEqual([0, 3, 3]);
  });

  it('checkDraft takes well-formed trees', () => {
    for (const draft of [EMPTY_DRAFT, line, tree]) expect(() => checkDraft(draft)).not.toThrow();
  });

  it.each([
    ['a parent too few', { ...line, parents: [-1, 0] }],
    ['a law too few', { ...line, laws: ['point', 'point'] as const }],
    ['a parent that comes later', { ...line, parents: [-1, 2, 0] }],
    ['a token that is its own parent', { ...line, parents: [0, 0, 1] }],
    ['a parent below -1', { ...line, parents: [-2, 0, 1] }],
    ['a fractional parent', { ...line, parents: [-1, 0.5, 1] }],
  ])('checkDraft refuses %s', (_, draft) => {
    expect(() => checkDraft(draft)).toThrow(ShapeError);
  });
});
