/**
 * A decoder-only transformer, put together from its parts.
 *
 * `W` is what stands for a weight: a tensor as it is stored, one on a device, or only the name and shape that a
 * checkpoint must have for it. A family describes its model over names; reading a checkpoint, uploading it and merging
 * an adapter replace them one by one.
 * @packageDocumentation
 */
import { type Block, mapBlock } from './block.ts';
import type { ModelConfig } from './config.ts';
import { type Linear, mapLinear } from './linear.ts';
import { mapNorm, type Norm } from './norm.ts';

/** Tokens to rows. */
export interface Embedding<W> {
  /** Module path, such as `model.embed_tokens`. */
  readonly path: string;
  /** @shape [V, D] */
  readonly table: W;
  /** Factor on the rows. */
  readonly scale: number;
  /** Learned positions, added to the rows. @shape table: [positions, D] */
  readonly positions: { readonly path: string; readonly table: W } | null;
}

/** A decoder-only transformer. */
export interface Transformer<W> {
  readonly config: ModelConfig;
  readonly embedding: Embedding<W>;
  readonly blocks: readonly Block<W>[];
  /** The final norm. */
  readonly norm: Norm<W> | null;
  /** Output embedding; its weight is the embedding's table when they are tied. @shape weight: [V, D] */
  readonly head: Linear<W>;
  readonly logits: LogitsConfig;
  /** Paths of modules without weights, such as activations: an adapter that selects one is refused by name. */
  readonly weightless: readonly string[];
}

/** What becomes of the logits: `cap tanh(scale x / cap)`. */
export interface LogitsConfig {
  readonly scale: number;
  readonly softCap: number | null;
}

/** The same model over other weights. A weight used in two places is replaced once. */
export function mapWeights<V, W>(model: Transformer<V>, replace: (weight: V) => W): Transformer<W> {
  const known = new Map<V, W>();
  const to = (weight: V): W => {
    const before = known.get(weight);
    if (before !== undefined) return before;
    const after = replace(weight);
    known.set(weight, after);
    return after;
  };
  const { embedding } = model;
  const { positions } = embedding;
  return {
    ...model,
    embedding: {
      ...embedding,
      table: to(embedding.table),
      positions: positions === null ? null : { ...positions, table: to(positions.table) },
    },
    blocks: model.blocks.map((block) => mapBlock(block, to)),
    norm: mapNorm(model.norm, to),
    head: mapLinear(model.head, to),
  };
}
