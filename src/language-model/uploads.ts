/**
 * The weights of models, adapters and heads on a backend.
 * @packageDocumentation
 */
import type { Adapter, LowRank } from '../adapters/lora.ts';
import { mapHeads, type SpeculativeHeads } from '../draft/heads.ts';
import { mapWeights, type Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Backend, Shaped } from '../ops/backend.ts';

/**
 * What there is of a model on one backend. Each weight is uploaded when first asked for, and once: tied weights stay
 * one.
 */
export class Uploads<T extends Shaped = Shaped, W extends Shaped = Shaped> {
  readonly #weights = new WeakMap<Stored, W>();
  readonly #transformers = new WeakMap<Transformer<Stored>, Transformer<W>>();
  readonly #adapters = new WeakMap<Adapter<Stored>, Adapter<W>>();

  readonly #heads = new WeakMap<SpeculativeHeads<Stored>, SpeculativeHeads<W>>();

  constructor(readonly backend: Backend<T, W>) {}

  /** One weight. */
  readonly weight = (stored: Stored): W => remembered(this.#weights, stored, () => this.backend.upload(stored));

  /** A model; the same one each time, so that its texts can share passes. */
  transformer(model: Transformer<Stored>): Transformer<W> {
    return remembered(this.#transformers, model, () => mapWeights(model, this.weight));
  }

  /** A LoRA; null stays null. */
  adapter(adapter: Adapter<Stored> | null): Adapter<W> | null {
    if (adapter === null) return null;
    return remembered(this.#adapters, adapter, () => ({
      name: adapter.name,
      updates: new Map([...adapter.updates].map(([path, update]) => [path, this.#update(update)])),
    }));
  }

  /** Speculative heads; null stays null. */
  heads(heads: SpeculativeHeads<Stored> | null): SpeculativeHeads<W> | null {
    return heads === null ? null : remembered(this.#heads, heads, () => mapHeads(heads, this.weight));
  }

  #update({ a, b, scale, weight }: LowRank<Stored>): LowRank<W> {
    const own = weight === undefined ? {} : { weight: this.weight(weight) };
    return { a: this.weight(a), b: this.weight(b), scale, ...own };
  }
}

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
