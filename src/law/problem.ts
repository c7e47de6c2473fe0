/**
 * A problem: the laws of a target and a drafter after every prefix, and the shape of the drafts. That is everything an
 * acceptance rule's output law depends on, as exact rationals.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Drawn } from '../draft/draft.ts';

/** A probability for each token. */
export type ExactLaw = readonly Fraction[];

/** The law of the next token after each prefix; a prefix holds the tokens since the round began. */
export type ExactLaws = (prefix: readonly number[]) => ExactLaw;

/** One round to be judged. */
export interface Problem {
  readonly vocabulary: number;
  readonly target: ExactLaws;
  readonly draft: ExactLaws;
  /**
   * Shape of the draft: the parent of each node, -1 for the root, parents first. A node and its subtree are left out
   * when its parent has fewer tokens of positive probability than children.
   */
  readonly parents: readonly number[];
  /** How the children of a node are drawn. */
  readonly drawn: Drawn;
  /** The laws that were divided by their sum; absent if there were none. */
  readonly normalized?: readonly NormalizedLaw[];
}

/** A law whose sum was nearly one when it was read, and which was divided by it. */
export interface NormalizedLaw {
  readonly law: string;
  /** The sum minus one. */
  readonly excess: Fraction;
}
