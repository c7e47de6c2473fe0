/**
 * Attention over the tokens of a text.
 * @packageDocumentation
 */
import { linearWithLora } from '../adapters/lora.ts';
import type { AttentionShape } from '../ops/ops.ts';
import type { Window } from './layout.ts';
import { type Linear, mapLinear } from './linear.ts';
import { mapNorm, type Norm, normalise } from './norm.ts';
import type { Pass } from './pass.ts';
import { mapProjections, type Projection, project } from './projection.ts';
import type { Rotary } from './rope.ts';

/** One attention: its numbers and its weights. */
export interface Attention<W> {
  /** Module path, such as `model.layers.0.self_attn`. */
  readonly path: string;
  /** Heads and their size; scale, soft cap and ALiBi slopes, where a family has them. */
  readonly shape: Omit<AttentionShape, 'sinks'>;
  /** Null: each token sees all tokens up to itself. */
  readonly window: Window | null;
  /** Null: queries and keys are not rotated. */
  readonly rotary: Rotary | null;
  readonly query: Projection<W>;
  readonly key: Projection<W>;
  readonly value: Projection<W>;
  /** Norms of queries and keys, applied before the rotary embedding. Null: none. */
  readonly queryNorm: Norm<W> | null;
  readonly keyNorm: Norm<W> | null;
  /**
   * Attention sinks: one score per head that counts in the softmax and has no value. Null: none.
   * @shape [H]
   */
  readonly sinks: W | null;
  readonly output: Linear<W>;
}

/**
 * `O(attention(rotate(norm(Q x)), rotate(norm(K x)), V x))` with the projections Q, K, V and O. The keys and values of
 * the new rows are appended to the caches of this layer first, so that a row also sees itself.
 * @shape x: [N, D]; result: [N, D]
 * @source Vaswani et al. 2017, arXiv 1706.03762, section 3.2; transformers `models/llama/modeling_llama.py`
 * (`LlamaAttention`)
 */
export function attend<T, W>(pass: Pass<T, W>, attention: Attention<W>, layer: number, x: T): T {
  const { ops, lanes, texts } = pass;
  const { shape, rotary, sinks } = attention;
  const [q, k, value] = project(ops, lanes, [attention.query, attention.key, attention.value], x) as [T, T, T];
  const turned = (y: T, heads: number): T => (rotary === null ? y : ops.rotate(y, heads, pass.rotation(rotary)));
  const query = turned(normalise(ops, attention.queryNorm, q), shape.heads);
  const key = turned(normalise(ops, attention.keyNorm, k), shape.keyValueHeads);
  const asked: AttentionShape<W> = sinks === null ? shape : { ...shape, sinks };
  const attended = texts.map(({ keys, values, layout, rows }) => {
    const mine = (y: T): T => (texts.length === 1 ? y : ops.pickRows(y, rows));
    keys[layer]!.append(mine(key));
    values[layer]!.append(mine(value));
    return ops.attention(mine(query), keys[layer]!, values[layer]!, layout.visible(attention.window), asked);
  });
  const all = attended.length === 1 ? attended[0]! : ops.stackRows(attended);
  return linearWithLora(ops, all, attention.output, lanes);
}

/** The same attention over other weights. */
export function mapAttention<V, W>(attention: Attention<V>, to: (weight: V) => W): Attention<W> {
  const projections = [attention.query, attention.key, attention.value];
  const [query, key, value] = mapProjections(projections, (linear) => mapLinear(linear, to)) as [
    Projection<W>,
    Projection<W>,
    Projection<W>,
  ];
  return {
    ...attention,
    query,
    key,
    value,
    queryNorm: mapNorm(attention.queryNorm, to),
    keyNorm: mapNorm(attention.keyNorm, to),
    sinks: attention.sinks === null ? null : to(attention.sinks),
    output: mapLinear(attention.output, to),
  };
}
