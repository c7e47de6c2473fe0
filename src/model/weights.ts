/**
 * The weights of a transformer, by role.
 * @packageDocumentation
 */
import type { ModelConfig } from './config.ts';

/** A linear layer and the name that its checkpoint gives it, by which adapters find it. */
export interface Linear<W> {
  /** Module path, such as `model.layers.0.self_attn.q_proj`. */
  readonly path: string;
  /** @shape [out, in] */
  readonly weight: W;
  /** @shape [out] */
  readonly bias: W | null;
}

/** One decoder block. */
export interface Block<W> {
  readonly attentionNorm: W;
  readonly query: Linear<W>;
  readonly key: Linear<W>;
  readonly value: Linear<W>;
  readonly output: Linear<W>;
  readonly mlpNorm: W;
  readonly gate: Linear<W>;
  readonly up: Linear<W>;
  readonly down: Linear<W>;
}

/** A decoder-only transformer. */
export interface Transformer<W> {
  readonly config: ModelConfig;
  /** @shape [V, D] */
  readonly embedding: W;
  readonly blocks: readonly Block<W>[];
  /** Gain of the final norm. @shape [D] */
  readonly norm: W;
  /** Output embedding; its weight is `embedding` when they are tied. @shape weight: [V, D] */
  readonly head: Linear<W>;
}

/** The linear layers of a block, in the order in which they run. */
export function blockLinears<W>(block: Block<W>): Linear<W>[] {
  return [block.query, block.key, block.value, block.output, block.gate, block.up, block.down];
}

/** Every linear layer of the model, the output embedding last. */
export function allLinears<W>(model: Transformer<W>): Linear<W>[] {
  return [...model.blocks.flatMap(blockLinears), model.head];
}
