/**
 * What decoding needs and what it reports.
 * @packageDocumentation
 */

import type { Chance, DrawMethod } from '../chance/chance.ts';
import type { DraftLaw } from '../draft/draft.ts';
import type { Session } from '../model/session.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { StopCondition, StopReason } from './stop.ts';

/** Everything that both loops need. `T` is number when they decode, an exact rational when their law is enumerated. */
export interface Decoding<T> {
  /** The target with an empty cache. */
  readonly target: Session;
  readonly sampler: Sampler;
  readonly stop: StopCondition;
  readonly chance: Chance<T>;
  /** How plain decoding draws its tokens. Default: inverse CDF. In speculative decoding the rule decides. */
  readonly draws?: DrawMethod;
  readonly arithmetic: Arithmetic<T>;
  /** A float64 law as numbers of type T. */
  lift(law: Float64Array): ArrayLike<T>;
  /** Whether steps carry the laws that they were decided by. */
  readonly recordLaws?: boolean;
}

/** The laws of one pass, as numbers. */
export interface StepLaws {
  /** The target's law after each node that the rule asked about or accepted (-1: after the text). */
  readonly target: ReadonlyMap<number, ArrayLike<number>>;
  /** The law that the verifier was given for each drafted token. */
  readonly draft: readonly DraftLaw<number>[];
}

/** One pass through the target and what came of it. */
export interface Step {
  /** Tokens that the target had not read yet: the prompt, later the last emitted token. */
  readonly fed: readonly number[];
  readonly drafted: readonly number[];
  /** Parent of each drafted token: its index in `drafted`, or -1. */
  readonly parents: readonly number[];
  /** The number of emitted tokens that were drafted. */
  readonly accepted: number;
  readonly emitted: readonly number[];
  readonly stop: StopReason | null;
  /** The target's raw logits where emitted token i was decided, before any processor. @shape [V] */
  logits(i: number): Float64Array;
  /** Present if {@link Decoding.recordLaws} is set. */
  readonly laws?: StepLaws;
}

/** A law as numbers. */
export function lawAsNumbers<T>({ toNumber }: Arithmetic<T>, law: ArrayLike<T>): number[] {
  return Array.from(law, (mass) => toNumber(mass));
}
