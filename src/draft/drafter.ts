/**
 * What proposes tokens.
 * @packageDocumentation
 */
import type { Chance, DrawMethod } from '../chance/chance.ts';
import type { MaybeAsking } from '../model/pass-request.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { Shaped } from '../ops/backend.ts';
import type { Draft } from './draft.ts';

/** How drafted tokens are drawn. */
export interface Drawing<T> {
  readonly chance: Chance<T>;
  readonly arithmetic: Arithmetic<T>;
  /** How the target's tokens are drawn, inverse CDF when left out; by race, drafts race the target's clocks. */
  readonly draws?: DrawMethod;
}

/** What a drafter may look at. */
export interface DraftRequest<T> extends Drawing<T> {
  /** The text so far: prompt and emitted tokens. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
  /**
   * The target's state after the final norm at the position before the last token, on the target's backend; null in the
   * first round. (The last token has just been emitted; the target has not read it yet.) @shape [1, D]
   */
  readonly hidden: Shaped | null;
  /** Longest branch that can still be emitted, leaving room for one more token. */
  readonly maxDepth: number;
  /** A float64 law as numbers of type T. */
  lift(law: Float64Array): ArrayLike<T>;
}

/** Proposes tokens to follow a text. Whatever it proposes, verified decoding keeps the target's law. */
export interface Drafter {
  readonly name: string;
  /**
   * A draft no deeper than `request.maxDepth`; the empty one when there is nothing to say. A drafter that needs passes
   * through a model does not make them: its `propose` is a generator that asks for them and returns the draft.
   */
  propose<T>(request: DraftRequest<T>): MaybeAsking<Draft<T>>;
  /** Frees what it has on a backend. Called when the text has ended. */
  close?(): void;
}

/** A drafter that needs no model. */
export interface ModelFreeDrafter extends Drafter {
  propose<T>(request: DraftRequest<T>): Draft<T>;
}
