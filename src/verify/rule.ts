/**
 * What an acceptance rule is. A rule is a pure function of a draft, the target's laws and a source of chance; it is
 * written once, generic in the number type, so that the code that decodes is the code that is enumerated exactly.
 * @packageDocumentation
 */

import type { Chance, DrawMethod } from '../chance/chance.ts';
import type { Draft, Drawn } from '../draft/draft.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';

/** One round of speculative decoding, as its rule sees it. */
export interface Round<T> {
  readonly draft: Draft<T>;
  /**
   * The target's law of the token after a node (-1: after the text), all processors applied with the drafted tokens
   * counted. Computed when asked for.
   */
  target(node: number): ArrayLike<T>;
  /** Index in the whole text of the first token that this round decides. */
  readonly position: number;
}

/** What a rule decided: the accepted branch from the root down, and the token that follows it. */
export interface Verdict {
  /** Nodes of the draft. */
  readonly accepted: readonly number[];
  readonly token: number;
}

/**
 * What can be said of the texts: their `law` is the target's (at every prefix, whatever the drafter), the `text` is that of
 * plain greedy decoding, or `no`.
 */
export type Lossless = 'law' | 'text' | 'no';

/** What drafts a rule takes. Every rule takes chains of any length. */
export interface Takes {
  /**
   * Kinds of siblings, the most useful first; `any` when it makes no difference how they were drawn, `none` for a rule of
   * chains only.
   */
  readonly siblings: readonly Drawn[] | 'any' | 'none';
}

/** What a generation asks of its rule, known before anything runs. */
export interface RuleUse {
  readonly temperature: number;
  /** Tokens that can have positive probability at one position, at most. */
  readonly possibleTokens: number;
  /** Siblings under one node, at most. */
  readonly siblings: number;
}

/** A named acceptance rule. */
export interface Rule {
  readonly name: string;
  /** What holds of its output, in one line. */
  readonly guarantee: string;
  readonly lossless: Lossless;
  readonly source: string;
  readonly takes: Takes;
  /** Whether a text is, token for token, that of plain decoding on the same tape; at temperature 0 every rule's is. */
  readonly sameText?: boolean;
  /** How tokens of the target are drawn, by plain decoding and by drafters too; inverse CDF when left out. */
  readonly draws?: DrawMethod;
  /** Asserts that the rule can serve a generation; for rules with limits of their own. */
  checkUse?(use: RuleUse): void;
  /** The verdict on one round. */
  decide<T>(round: Round<T>, arithmetic: Arithmetic<T>, chance: Chance<T>): Verdict;
}
