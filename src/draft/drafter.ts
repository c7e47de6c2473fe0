/**
 * What proposes tokens.
 * @packageDocumentation
 */
import type { Chance, DrawMethod } from '../chance/chance.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Draft } from './draft.ts';

/** What a drafter may look at. */
export interface DraftRequest<T> {
  /** The text so far: prompt and emitted tokens. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
  /**
   * The target's state after the final norm at the position before the last token, null in the first round. (The last
   * token has just been emitted; the target has not read it yet.) @shape [1, D]
   */
  readonly hidden: Tensor | null;
  /** Longest branch that can still be emitted, leaving room for one more token. */
  readonly maxDepth: number;
  readonly chance: Chance<T>;
  /** How the target's tokens are drawn, inverse CDF when left out; by race, drafts race the target's clocks. */
  readonly draws?: DrawMethod;
  /** A float64 law as numbers of type T. */
  lift(law: Float64Array): ArrayLike<T>;
}

/** Proposes tokens to follow a text. Whatever it proposes, verified decoding keeps the target's law. */
export interface Drafter {
  readonly name: string;
  /** A draft no deeper than `request.maxDepth`; the empty one when there is nothing to say. */
  propose<T>(request: DraftRequest<T>): Draft<T>;
}
