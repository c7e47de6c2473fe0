/**
 * The tree walk shared by rules that decide level by level: at each node choose a child to continue from, or end the
 * round.
 * @packageDocumentation
 */

import type { Chance } from '../chance/chance.ts';
import { childrenOf } from '../draft/draft.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { Round, Verdict } from './rule.ts';

/** The decision at one node: a child to continue from, or the token that ends the round. */
export type Decision = { readonly child: number } | { readonly token: number };

/** The children of a node that has some. */
export interface Level<T> {
  readonly draft: Round<T>['draft'];
  /** At least one. */
  readonly children: readonly number[];
  /** The target's law after their parent. @shape [V] */
  readonly law: ArrayLike<T>;
  /** The position of the token to be decided. */
  readonly position: number;
}

/** Decides level by level from the root; a node without children ends the round with a draw from the target's law. */
export function descend<T>(
  { draft, target, position }: Round<T>,
  arithmetic: Arithmetic<T>,
  chance: Chance<T>,
  choose: (level: Level<T>, arithmetic: Arithmetic<T>, chance: Chance<T>) => Decision,
): Verdict {
  const accepted: number[] = [];
  for (;;) {
    const node = accepted.at(-1) ?? -1;
    const at = position + accepted.length;
    const children = childrenOf(draft, node);
    const law = target(node);
    if (children.length === 0) return { accepted, token: chance.draw({ purpose: 'target', position: at }, law) };
    const decision = choose({ draft, children, law, position: at }, arithmetic, chance);
    if ('token' in decision) return { accepted, token: decision.token };
    accepted.push(decision.child);
  }
}
