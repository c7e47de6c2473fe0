/** Float64 with the manners of a device: reading back takes time, and what was freed is gone. */
import type { Stored } from '../../src/numerics/stored.ts';
import { type Tensor, tensor } from '../../src/numerics/tensor.ts';
import type { Awaitable, Backend } from '../../src/ops/backend.ts';
import { float64Ops } from '../../src/ops/float64/index.ts';
import { Float64RowStore } from '../../src/ops/float64/row-store.ts';
import type { Ops, RowStore } from '../../src/ops/ops.ts';

type Resource = Tensor | RowStore<Tensor>;

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'data' in value && 'stride' in value;
}

/** A backend that counts what lives on it, and fails when something is used that it has freed. */
export class Device implements Backend<Tensor, Stored> {
  readonly name = 'device';
  readonly ops: Ops<Tensor, Stored>;
  /** Activations and stores that nobody has freed. */
  readonly living = new Set<Resource>();
  /** Passes that ended in a read-back. */
  readBacks = 0;
  /** The read-back, counted from 1, that fails. */
  failing = 0;
  /** Weights that were uploaded, each as often as it was. */
  readonly uploaded: Stored[] = [];
  readonly #freed = new WeakSet<Resource>();
  readonly #scopes: Set<Resource>[] = [];

  /** @param slow whether reading back takes a turn of the event loop. */
  constructor(readonly slow: boolean) {
    const wrapped = Object.entries(float64Ops).map(([name, run]) => [name, this.#watched(name, run as never)]);
    this.ops = { ...Object.fromEntries(wrapped), newStore: (width: number) => this.#newStore(width) };
  }

  upload(weight: Stored): Stored {
    this.uploaded.push(weight);
    return { ...weight };
  }

  readBack(x: Tensor): Awaitable<Tensor> {
    this.#check('readBack', x);
    this.readBacks += 1;
    if (this.readBacks === this.failing) {
      const lost = new Error('device lost');
      if (!this.slow) throw lost;
      return new Promise((_, reject) => setImmediate(() => reject(lost)));
    }
    const copy = tensor('read back', Float64Array.from(x.data.subarray(x.offset, x.offset + x.size)), x.shape);
    return this.slow ? new Promise((resolve) => setImmediate(() => resolve(copy))) : copy;
  }

  scope(work: () => readonly Tensor[]): readonly Tensor[] {
    const made = new Set<Resource>();
    this.#scopes.push(made);
    let kept: readonly Tensor[] | undefined;
    try {
      kept = work();
      return kept;
    } finally {
      this.#scopes.pop();
      for (const x of kept ?? []) made.delete(x);
      for (const x of made) this.free(x);
      for (const x of kept ?? []) this.#scopes.at(-1)?.add(x);
    }
  }

  free(x: Resource): void {
    this.#check('free', x);
    this.#freed.add(x);
    this.living.delete(x);
    if (isTensor(x)) x.data.fill(Number.NaN, x.offset, x.offset + x.size);
  }

  #newStore(width: number): RowStore<Tensor> {
    const store = new Float64RowStore(width); // outlives every scope
    this.living.add(store);
    return store;
  }

  #watched(name: string, run: (...input: unknown[]) => unknown): (...input: unknown[]) => unknown {
    return (...input) => {
      for (const x of input.flat()) this.#check(name, x);
      const result = run(...input);
      if (isTensor(result)) {
        this.living.add(result);
        this.#scopes.at(-1)?.add(result);
      }
      return result;
    };
  }

  #check(operation: string, x: unknown): void {
    if (typeof x === 'object' && x !== null && this.#freed.has(x as Resource)) {
      throw new Error(`${operation} of something that was freed`);
    }
  }
}
