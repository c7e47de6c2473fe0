import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContextLimitError, ShapeError } from '../../../src/errors.ts';
import { layoutOf, type Window } from '../../../src/model/layout.ts';

/** Slots in the order of a path: the cached tokens, then the ancestors of `node`, written out. */
function slotsOnPath(start: number, parents: readonly number[], node: number, window: Window | null): number[] {
  const branch: number[] = [];
  for (let at = node; at >= 0; at = parents[at]!) branch.unshift(start + at);
  const path = [...Array.from({ length: start }, (_, slot) => slot), ...branch];
  if (window === null) return path;
  const { kind, size } = window;
  return path.slice(kind === 'sliding' ? -size : Math.floor((path.length - 1) / size) * size);
}

const windows = fc.record({
  kind: fc.constantFrom('sliding' as const, 'chunk' as const),
  size: fc.integer({ min: 1, max: 9 }),
});
const trees = fc
  .array(fc.nat(1000), { maxLength: 12 })
  .map((picks) => picks.map((pick, i) => (pick % 3 === 0 ? i - 1 : (pick % (i + 1)) - 1)));

describe('layoutOf', () => {
  it('every token sees its own path, in path order, cut to the window', () => {
    fc.assert(
      fc.property(fc.nat(6), trees, fc.option(windows), (start, parents, window) => {
        const { positions, visible } = layoutOf(start, parents, parents.length, 100);
        const seen = visible(window).map(({ from, to, branch }) => [
          ...Array.from({ length: to - from }, (_, i) => from + i),
          ...branch,
        ]);
        expect(seen).toEqual(parents.map((_, node) => slotsOnPath(start, parents, node, window)));
        expect(positions).toEqual(parents.map((_, node) => slotsOnPath(start, parents, node, null).length - 1));
      }),
      { numRuns: 500 },
    );
  });

  it('a chain is one without parents', () => {
    const chained = layoutOf(2, undefined, 3, 100);
    expect(chained.positions).toEqual([2, 3, 4]);
    expect(chained.visible(null)).toEqual(layoutOf(2, [-1, 0, 1], 3, 100).visible(null));
  });

  it('no token of a chain has a list: a prompt of a million tokens with a drafted tree takes less than 400 bytes per token', () => {
    const [prompt, drafted] = [1_000_000, 4];
    const parents = Array.from({ length: prompt + drafted }, (_, i) => (i < prompt ? i - 1 : prompt - 1));
    const before = process.memoryUsage().heapUsed;
    const { positions, visible } = layoutOf(7, parents, parents.length, 2_000_000);
    const rows = visible(null);
    const taken = process.memoryUsage().heapUsed - before;
    expect(positions.at(-1)).toBe(7 + prompt);
    expect(rows.slice(-2)).toEqual([
      { from: 0, to: 7 + prompt, branch: [7 + prompt + 2] },
      { from: 0, to: 7 + prompt, branch: [7 + prompt + 3] },
    ]);
    expect(taken / parents.length).toBeLessThan(400);
  });

  it('builds what is visible once per window', () => {
    const { visible } = layoutOf(0, undefined, 3, 100);
    const window = { kind: 'sliding', size: 2 } as const;
    expect(visible(window)).toBe(visible(window));
    expect(visible(window)).not.toBe(visible(null));
  });

  it.each<[string, number[] | undefined, number, typeof ShapeError]>([
    ['fewer parents than tokens', [-1], 2, ShapeError],
    ['more parents than tokens', [-1, 0], 1, ShapeError],
    ['a parent that comes later', [1, -1], 2, ShapeError],
    ['a token that is its own parent', [-1, 1], 2, ShapeError],
    ['a parent below -1', [-2], 1, ShapeError],
    ['a fractional parent', [-1, 0.5], 2, ShapeError],
    ['a chain past the context', undefined, 7, ContextLimitError],
    ['a branch past the context', [-1, 0, 1, 2, 3, 4, 4, 6], 8, ContextLimitError],
  ])('refuses %s', (_, parents, count, errorClass) => {
    expect(() => layoutOf(4, parents, count, 10)).toThrow(errorClass);
  });
});
