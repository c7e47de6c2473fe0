/**
 * The tree walk shared by rules that emit a target token at each node: continue from the child that guessed it, if
 * there is one.
 * @packageDocumentation
 */
import { childrenOf } from '../draft/draft.ts';
import type { Round, Verdict } from './rule.ts';

/** Emits `tokenAfter(node, position)` at each node from the root on, until a token was not drafted. */
export function follow<T>(
  { draft, position }: Round<T>,
  tokenAfter: (node: number, position: number) => number,
): Verdict {
  const accepted: number[] = [];
  for (;;) {
    const node = accepted.at(-1) ?? -1;
    const token = tokenAfter(node, position + accepted.length);
    const next = childrenOf(draft, node).find((child) => draft.tokens[child] === token);
    if (next === undefined) return { accepted, token };
    accepted.push(next);
  }
}
