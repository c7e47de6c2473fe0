/**
 * Where a model runs. Models, sessions, drafters and loops know a backend by this interface alone; `language-model/`
 * chooses one.
 *
 * A pass goes: `scope` runs its operations and keeps what outlives it, `readBack` brings the logits to the host.
 * Operations are issued at once; only `readBack` may take its time, so that a device can be awaited.
 * @packageDocumentation
 */
import { ConflictError } from '../errors.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Ops, RowStore } from './ops.ts';

/** A value, or a promise of one where a device has to be awaited. */
export type Awaitable<R> = R | Promise<R>;

/** What activations and weights tell of themselves, so that shapes can be checked. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** One way to run the decoder's operations, over activations `T` and weights `W`. */
export interface Backend<T extends Shaped, W extends Shaped> {
  /** As users choose and reports name it, such as `cpu`. */
  readonly name: string;
  /**
   * The operations. Where looking for a number that is not finite would cost a read-back, `firstNonFinite` may answer
   * null: what is read back is checked on the host.
   */
  readonly ops: Ops<T, W>;
  /** A weight in the form that the operations take. Each weight is uploaded once per model, not per text or pass. */
  upload(weight: Stored): W;
  /**
   * The numbers of an activation, on the host, where they stay valid whatever the backend does next. @shape result:
   * that of `x`
   */
  readBack(x: T): Awaitable<Tensor>;
  /**
   * Runs operations and frees the activations that they made, also when it throws; those in the list that it returns
   * live on until {@link Backend.free}. What was appended to a store belongs to the store. A scope does not outlast its
   * call: nothing in it is awaited. Scopes may nest; what an inner one returns belongs to the outer one.
   */
  scope(work: () => readonly T[]): readonly T[];
  /** Frees an activation that outlived its scope, or a store with its rows. Neither is used again. */
  free(x: T | RowStore<T>): void;
}

/** Whether a value has to be awaited, whichever realm or library its promise is from. */
export function isPromise<R>(value: Awaitable<R>): value is Promise<R> {
  return typeof (value as Partial<Promise<R>> | null | undefined)?.then === 'function';
}

/** What `next` makes of a value: at once, or once it has come. */
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
 * The value of what does not have to be awaited.
 * @throws {@link ConflictError} for a promise: the caller cannot wait, and the backend must be waited for.
 */
export function atOnce<R>(value: Awaitable<R>): R {
  if (isPromise(value)) {
    value.then(undefined, () => undefined); // whatever becomes of it, nobody listens
    throw new ConflictError('pass at once', 'a backend that reads back at once', 'one that has to be awaited');
  }
  return value;
}
