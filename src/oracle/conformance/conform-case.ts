/**
 * A case: what an engine is asked, and what its answers are worth.
 * @packageDocumentation
 */
import type { z } from 'zod';
import type { Question } from './protocol.ts';

/** A way in which an engine did not give outputs. */
export type Unanswered =
  | { readonly kind: 'unsupported'; readonly reason: string }
  | { readonly kind: 'error'; readonly message: string }
  /** The engine hung, died or answered with something else. */
  | { readonly kind: 'broken'; readonly problem: string };

/** How strong the evidence against an engine was after some of its texts. */
export interface EvidencePoint {
  readonly texts: number;
  /** The logarithm of the bets' wealth, in nats. */
  readonly logEvidence: number;
}

/** What was measured of a case. */
export interface Measured {
  /** The largest error, in units of the noise of the engine's number format; absent if it is not finite. */
  readonly noise?: number | undefined;
  readonly evidence?: readonly EvidencePoint[] | undefined;
  /** Of a statistical case: the smallest total variation of the first token's law that must have been seen. */
  readonly power?: number | undefined;
}

/** What came of a case. */
export type Outcome =
  | (Measured & { readonly kind: 'pass' })
  /** A case that need not be matched was not: it is so near a tie that rounding decides it. */
  | { readonly kind: 'near tie'; readonly got: string }
  | (Measured & { readonly kind: 'fail'; readonly expected: string; readonly got: string })
  /** What came says nothing: too little of it, or no bound is known. */
  | { readonly kind: 'undecided'; readonly reason: string }
  | Unanswered;

/** Asks an engine. Outputs that don't fit their schema count as broken. */
export type Ask = <T>(
  question: Question,
  outputs: z.ZodType<T>,
) => Promise<{ readonly kind: 'outputs'; readonly value: T } | Unanswered>;

/** Something that gives, on every judged case of a part, what the engine gave. */
export interface Explanation {
  readonly kind: 'fault' | 'rule';
  readonly name: string;
}

/** A case. */
export interface ConformCase {
  readonly suite: string;
  /** What is reported and explained together: an acceptance rule, say. */
  readonly part: string;
  /** Unique over all suites. */
  readonly id: string;
  readonly flags: readonly string[];
  /**
   * Asks the engine what there is to ask, and judges what it answers.
   * @param dtype the number format that the engine computes in, as it says itself
   */
  judge(ask: Ask, dtype: string): Promise<Outcome>;
  /**
   * The explanations that fit what came, in an order that is the same for every case of the part. It is asked only when
   * a case of the part failed, or one of another shard may.
   */
  explain(outcome: Outcome): readonly Explanation[];
}

/** A case and what came of it. */
export interface JudgedCase {
  readonly test: ConformCase;
  readonly outcome: Outcome;
}
