/**
 * Where a model runs. Models, sessions, drafters and loops know a backend by this interface alone; `language-model/`
 * chooses one.
 *
 * A pass has two steps. `scope` runs its operations and keeps the results that outlive it. `readBack` brings the logits
 * to the host. Only `readBack` may return a promise, so that a device can be awaited. Of the operations, only
 * {@link Ops.chooseExperts} brings numbers to the host, and it does so at once.
 * @packageDocumentation
 */
import { ConflictError } from '../errors.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Ops, RowStore } from './ops.ts';

/** A value, or a promise of one where a device has to be awaited. */
export type Awaitable<R> = R | Promise<R>;

/** What activations and weights have in common, so that shapes can be checked. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** One way to run the decoder's operations, over activations `T` and weights `W`. */
export interface Backend<T extends Shaped, W extends Shaped> {
  /** As users choose and reports name it, such as `cpu`. */
  readonly name: string;
  /**
   * The operations. Where `firstNonFinite` would cost a read-back, it may answer null without a check: what is read
   * back is checked on the host.
   */
  readonly ops: Ops<T, W>;
  /** A weight in the form that the operations take. Each weight is uploaded once per model, not per text or pass. */
  upload(weight: Stored): W;
  /**
   * The numbers of an activation, on the host, where they stay valid whatever the backend does next.
   * @shape result: that of `x`
   */
  readBack(x: T): Awaitable<Tensor>;
  /**
   * Runs operations. The activations that they made are freed afterwards, also when it throws, except those in the list
   * that it returns: these live until {@link Backend.free}. Rows that were appended to a store belong to the store.
   * Nothing in a scope is awaited. Scopes may nest: what an inner scope returns belongs to the outer one.
   */
  scope(work: () => readonly T[]): readonly T[];
  /** Frees an activation that outlived its scope, or a store with its rows. Neither is used again. */
  free(x: T | RowStore<T>): void;
}

/** Whether a value has to be awaited, whichever realm or library its promise is from. */
export function isPromise<R>(value: Awaitable<R>): value is Promise<R> {
  return typeof (value as Partial<Promise<R>> | null | undefined)?.then === 'function';
}

/** `next(value)`: at once, or, for a promise, when it resolves. */
export function after<R, S>(value: Awaitable<R>, next: (value: R) => S): Awaitable<S> {
  return isPromise(value) ? value.then(next) : next(value);
}

/**
 * The numbers of an activation that nothing else needs: it is freed, whether they come or not.
 * @shape result: that of `x`
 */
export function takeBack<T extends Shaped, W extends Shaped>(backend: Backend<T, W>, x: T): Awaitable<Tensor> {
  const freed = (numbers: Tensor): Tensor => {
    backend.free(x);
    return numbers;
  };
  const failed = (error: unknown): never => {
    backend.free(x);
    throw error;
  };
  let numbers: Awaitable<Tensor>;
  try {
    numbers = backend.readBack(x);
  } catch (error) {
    return failed(error);
  }
  return isPromise(numbers) ? numbers.then(freed, failed) : freed(numbers);
}

/**
 * A value that must not be a promise.
 * @throws {@link ConflictError} for a promise: the backend has to be awaited, and the caller cannot wait.
 */
export function atOnce<R>(value: Awaitable<R>): R {
  if (isPromise(value)) {
    value.then(undefined, () => undefined); // whatever becomes of it, nobody listens
    throw new ConflictError('pass at once', 'a backend that reads back at once', 'one that has to be awaited');
  }
  return value;
}
