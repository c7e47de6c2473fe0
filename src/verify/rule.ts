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
   * The target's law of the token after a node (-1: after the text), with all processors applied and the drafted tokens
   * counted. Computed on demand.
   */
  target(node: number): ArrayLike<T>;
  /** Index in the whole text of the first token that this round decides. */
  readonly position: number;
}

/** What a rule decided: the accepted branch from the root down, and the token after it. */
export interface Verdict {
  /** Nodes of the draft. */
  readonly accepted: readonly number[];
  readonly token: number;
}

/**
 * What a rule claims: the `law` of its texts is the target's (at every prefix, for any drafter), its `text` is that of
 * plain greedy decoding, or `no` claim.
 */
export type Lossless = 'law' | 'text' | 'no';

/** Which drafts a rule accepts. Every rule accepts chains of any length. */
export interface Takes {
  /**
   * Kinds of siblings, the most useful first; `any` if it makes no difference how they were drawn, `none` for a rule
   * for chains only.
   */
  readonly siblings: readonly Drawn[] | 'any' | 'none';
}

/** What a generation needs from its rule, known before anything runs. */
export interface RuleUse {
  readonly temperature: number;
  /** Most tokens that can have positive probability at one position. */
  readonly possibleTokens: number;
  /** Most siblings under one node. */
  readonly siblings: number;
}

/**
 * An acceptance rule. It says everything of itself that others need: no file outside this folder knows rules by name.
 */
export interface Rule<Name extends string = string> {
  readonly name: Name;
  /** What the rule guarantees, in one line. */
  readonly guarantee: string;
  readonly lossless: Lossless;
  readonly source: string;
  readonly takes: Takes;
  /** Whether the verdict depends on the laws that the drafted tokens were drawn from. */
  readonly readsDraftLaws?: boolean;
  /**
   * Whether a text is, token for token, that of plain decoding on the same tape; at temperature 0 every rule's text is.
   */
  readonly sameText?: boolean;
  /** How target tokens are drawn, by plain decoding and by drafters too; by default by inverse CDF. */
  readonly draws?: DrawMethod;
  /** Asserts that the rule can serve a generation; for rules with additional limits. */
  checkUse?(use: RuleUse): void;
  /** The verdict on one round. */
  decide<T>(round: Round<T>, arithmetic: Arithmetic<T>, chance: Chance<T>): Verdict;
}
