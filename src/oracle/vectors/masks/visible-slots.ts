import { layoutOf, type Window } from '../../../model/layout.ts';

/** What a mask is made from. */
export interface MaskInputs {
  /** Tokens in the cache: slot n holds the token at position n. */
  readonly cached: number;
  /** New tokens, in the slots after the cached ones: which of them each follows; -1: the cached text. */
  readonly parents: readonly number[];
  readonly window: Window | null;
}

/** What attention needs to know about new tokens. */
export interface MaskOutputs {
  readonly positions: readonly number[];
  /** Slots that each new token sees, in ascending order; its own included. */
  readonly visible: readonly (readonly number[])[];
}

/**
 * Positions of new tokens, and what they see.
 * @throws {@link ShapeError} when `parents` does not form a tree.
 */
export function visibleSlots({ cached, parents, window }: MaskInputs): MaskOutputs {
  const layout = layoutOf(cached, parents, parents.length, Number.POSITIVE_INFINITY);
  const visible = layout.visible(window).map(({ from, to, branch }) => {
    const run = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
    return [...run, ...branch];
  });
  return { positions: layout.positions, visible };
}
