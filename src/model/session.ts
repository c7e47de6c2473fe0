/**
 * A model at work on one text: its weights, the request's adapter and the cache.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { rowOf } from '../numerics/tensor.ts';
import { float64Ops } from '../ops/float64/index.ts';
import { KeyValueCache } from './cache.ts';
import { forward, languageModelHead } from './forward.ts';
import { type RotaryFrequencies, rotaryFrequencies } from './rope.ts';
import type { Transformer } from './weights.ts';

/** What one forward pass returned, for the rows that were asked for. */
export interface ForwardRows {
  /** States after the final norm. @shape [rows, D] */
  readonly hidden: Tensor;
  /** Logits of the token after row i. @shape [V] */
  logits(row: number): Float64Array;
}

/** One text being read and written by a model. Counts its forward passes. */
export class Session {
  readonly cache: KeyValueCache<Tensor>;
  /** Forward passes so far. */
  forwards = 0;
  readonly #frequencies: RotaryFrequencies;

  constructor(
    readonly model: Transformer<Stored>,
    readonly adapter: Adapter<Stored> | null,
  ) {
    this.cache = new KeyValueCache(float64Ops, model.config);
    this.#frequencies = rotaryFrequencies(model.config.rope, model.config.headSize);
  }

  /**
   * Reads new tokens (a tree, see {@link Segment}) and returns the rows from `firstRow` on. When it throws, the cache is as before.
   * @throws as {@link forward} does.
   */
  read(tokens: readonly number[], options: { parents?: readonly number[]; firstRow?: number } = {}): ForwardRows {
    const { cache, adapter } = this;
    const start = cache.length;
    const segment = { cache, tokens, adapter, ...(options.parents && { parents: options.parents }) };
    const all = forward(float64Ops, this.model, this.#frequencies, [segment]);
    this.forwards += 1;
    const first = options.firstRow ?? 0;
    const wanted = Array.from({ length: tokens.length - first }, (_, i) => first + i);
    const hidden = float64Ops.pickRows(all, wanted);
    try {
      const logits = this.project(hidden);
      return { hidden, logits: (row) => rowOf('logits', logits, row) };
    } catch (error) {
      cache.keep(start);
      throw error;
    }
  }

  /**
   * The LM head with this text's adapter.
   * @shape states: [N, D]; result: [N, V]
   * @throws as {@link languageModelHead} does.
   */
  project(states: Tensor): Tensor {
    return languageModelHead(float64Ops, this.model, states, [{ rows: states.shape[0]!, adapter: this.adapter }]);
  }
}
