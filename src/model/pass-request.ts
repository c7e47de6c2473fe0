/**
 * Passes that are asked for, not made: whoever runs a loop or a drafter decides whether they are made at once, awaited,
 * or made together with those of other texts.
 * @packageDocumentation
 */
import { type Awaitable, atOnce } from '../ops/backend.ts';

/** What a pass brought to the host. */
export interface Rows {
  /** Logits of the token after row i. @shape [V] */
  logits(row: number): Float64Array;
}

/** A pass that a generator waits for: it yields the request, and is resumed with the rows. */
export interface PassRequest {
  /** Makes the pass. */
  run(): Awaitable<Rows>;
}

/** Something that takes passes to find out: a generator that asks for them and returns it. */
export type Asking<R> = Generator<PassRequest, R, Rows>;

/** What is known already, or takes passes to find out. */
export type MaybeAsking<R> = R | Asking<R>;

/** Whether passes have to be made first. */
export function isAsking<R>(value: MaybeAsking<R>): value is Asking<R> {
  return typeof (value as Partial<Asking<R>>).next === 'function';
}

/** Asks on, if there is anything to ask: for generators that wait for others. */
export function* asked<R>(value: MaybeAsking<R>): Asking<R> {
  return isAsking(value) ? yield* value : value;
}

/**
 * What a generator finds out, with each of its passes made at once.
 * @throws as the passes do; {@link ConflictError} when a backend has to be awaited.
 */
export function foundAtOnce<R>(value: MaybeAsking<R>): R {
  if (!isAsking(value)) return value;
  let next = value.next();
  while (!next.done) next = value.next(atOnce(next.value.run()));
  return next.value;
}
