/**
 * Requests for passes. A loop or a drafter asks for a pass and does not make it. The code that runs it decides whether
 * to make the pass at once, to await it, or to make it together with those of other texts.
 * @packageDocumentation
 */
import { type Awaitable, atOnce } from '../ops/backend.ts';

/** What a pass brought to the host. */
export interface Rows {
  /** Logits of the token after row i. @shape [V] */
  logits(row: number): Float64Array;
}

/** A pass that a generator waits for. The generator yields the request and is resumed with the rows. */
export interface PassRequest {
  /** Makes the pass. */
  run(): Awaitable<Rows>;
}

/** A generator that asks for passes and returns what it finds out by them. */
export type Asking<R> = Generator<PassRequest, R, Rows>;

/** A value that is known already, or a generator that needs passes to find it out. */
export type MaybeAsking<R> = R | Asking<R>;

/** Whether a value is a generator, so that passes must be made first. */
export function isAsking<R>(value: MaybeAsking<R>): value is Asking<R> {
  return typeof (value as Partial<Asking<R>>).next === 'function';
}

/**
 * A value inside another generator: passes on the requests of `value` and returns what it finds out. A value that is
 * known already is returned as it is.
 */
export function* asked<R>(value: MaybeAsking<R>): Asking<R> {
  return isAsking(value) ? yield* value : value;
}

/**
 * What a generator finds out when each of its passes is made at once.
 * @throws as the passes do; {@link ConflictError} when a backend has to be awaited.
 */
export function foundAtOnce<R>(value: MaybeAsking<R>): R {
  if (!isAsking(value)) return value;
  let next = value.next();
  while (!next.done) next = value.next(atOnce(next.value.run()));
  return next.value;
}
