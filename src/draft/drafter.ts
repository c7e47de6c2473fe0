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
  /**
   * How the target's tokens are drawn. Default: inverse CDF. If the target draws by race, drafts race with the same
   * clocks.
   */
  readonly draws?: DrawMethod;
}

/** What a drafter may look at. */
export interface DraftRequest<T> extends Drawing<T> {
  /** The text so far: prompt and emitted tokens. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
  /**
   * The target's state after the final norm, at the position before the last token. (The last token has just been
   * emitted; the target has not read it yet.) It is on the target's backend. Null in the first round.
   * @shape [1, D]
   */
  readonly hidden: Shaped | null;
  /** Length of the longest branch that can still be emitted in whole, together with the one token that follows it. */
  readonly maxDepth: number;
  /** A float64 law as numbers of type T. */
  lift(law: Float64Array): ArrayLike<T>;
}

/** Proposes tokens to follow a text. Whatever it proposes, verified decoding keeps the target's law. */
export interface Drafter {
  readonly name: string;
  /**
   * A draft no deeper than `request.maxDepth`; the empty draft when there is nothing to propose. A drafter that needs
   * passes through a model does not make them: its `propose` is a generator that asks for them and returns the draft.
   */
  propose<T>(request: DraftRequest<T>): MaybeAsking<Draft<T>>;
  /** Frees what it has on a backend. Called when the text has ended. */
  close?(): void;
}

/** A drafter that needs no model. */
export interface ModelFreeDrafter extends Drafter {
  propose<T>(request: DraftRequest<T>): Draft<T>;
}
