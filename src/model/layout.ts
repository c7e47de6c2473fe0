/**
 * The positions of new tokens in a text, and what each of them sees.
 * @packageDocumentation
 */
import { ContextLimitError, ShapeError } from '../errors.ts';
import type { Visible } from '../ops/ops.ts';

/**
 * What a token sees. `sliding`: the `size` newest tokens, itself included. `chunk`: positions are divided into chunks
 * of `size`, and a token sees its chunk, up to itself.
 */
export interface Window {
  readonly kind: 'sliding' | 'chunk';
  /** In tokens. */
  readonly size: number;
}

/** The new tokens of one text, which form a tree after `start` cached ones. */
export interface Layout {
  readonly start: number;
  /** Position in the text of each new token: the cached tokens and its ancestors come before it. */
  readonly positions: readonly number[];
  /**
   * What each new token sees of its own path. Null: all of it. A sliding window of W: the W newest tokens, itself
   * included (key position > position - W). Chunks of W: the tokens from the last multiple of W on.
   */
  visible(window: Window | null): readonly Visible[];
}

/**
 * A path from the root. It usually begins with a chain, whose slots follow the cached ones one by one: `run` is the
 * length of this chain. `apart` lists the new tokens of the path after it, by index. To list all ancestors of every
 * token would take memory in the square of the prompt.
 */
interface Path {
  readonly run: number;
  readonly apart: readonly number[];
}

/**
 * Lays out `count` new tokens after `start` cached ones. `parents` holds the parent of each: its index among the new
 * tokens, or -1 for the last cached token. Without `parents` the new tokens form a chain.
 * @throws {@link ShapeError} when `parents` does not form a tree; {@link ContextLimitError} when a token would be past
 * the context.
 * @example
 * import assert from 'node:assert/strict';
 * import { layoutOf } from 'turbo-lora/model';
 * const { positions, visible } = layoutOf(5, [-1, 0, 0], 3, 100);
 * assert.deepEqual(positions, [5, 6, 6]);
 * assert.deepEqual(visible(null)[2], { from: 0, to: 6, branch: [7] }); // not its sibling in slot 6
 */
export function layoutOf(
  start: number,
  parents: readonly number[] | undefined,
  count: number,
  contextLength: number,
): Layout {
  const paths = pathsOf(parents, count);
  const positions = paths.map(({ run, apart }) => start + run + apart.length - 1);
  const outside = positions.find((position) => position >= contextLength);
  if (outside !== undefined) {
    throw new ContextLimitError('position', `below the context length of ${contextLength} tokens`, `${outside}`);
  }
  const byWindow = new Map<Window | null, readonly Visible[]>(); // most layers have the same window
  return {
    start,
    positions,
    visible(window) {
      const known = byWindow.get(window);
      if (known !== undefined) return known;
      const visible = paths.map((path, i) => visibleTo(path, start, positions[i]!, window));
      byWindow.set(window, visible);
      return visible;
    },
  };
}

function pathsOf(parents: readonly number[] | undefined, count: number): Path[] {
  if (parents !== undefined && parents.length !== count) {
    throw new ShapeError('parents', `${count} of them, one per token`, `${parents.length}`);
  }
  const paths: Path[] = [];
  for (let i = 0; i < count; i++) {
    const parent = parents === undefined ? i - 1 : parents[i]!;
    if (!Number.isInteger(parent) || parent < -1 || parent >= i) {
      throw new ShapeError(`parent of token ${i}`, '-1 or the index of an earlier token', `${parent}`);
    }
    const { run, apart } = parent < 0 ? ROOT : paths[parent]!;
    const continues = apart.length === 0 && run === i;
    paths.push(continues ? { run: i + 1, apart } : { run, apart: [...apart, i] });
  }
  return paths;
}

const ROOT: Path = { run: 0, apart: [] };

function visibleTo({ run, apart }: Path, start: number, position: number, window: Window | null): Visible {
  const first = firstInSight(position, window); // tokens of the path that are out of sight
  const to = start + run;
  const branch = apart.slice(Math.max(0, first - to)).map((index) => start + index);
  return { from: Math.min(first, to), to, branch };
}

function firstInSight(position: number, window: Window | null): number {
  if (window === null) return 0;
  const { kind, size } = window;
  return kind === 'sliding' ? Math.max(0, position - size + 1) : position - (position % size);
}
