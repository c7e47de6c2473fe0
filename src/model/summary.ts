/**
 * What a model is made of, in numbers.
 * @packageDocumentation
 */
import type { ModelConfig, RopeConfig } from './config.ts';
import type { FeedForward } from './feed-forward.ts';
import type { Window } from './layout.ts';
import type { Transformer } from './weights.ts';

/** The numbers of a model's parts; what may differ between layers is a list, which holds each value once. */
export interface ModelSummary extends ModelConfig {
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** F. With experts: that of one expert. */
  readonly mlpSize: number;
  /** Experts of a layer, and how many of them a token uses. Null: no experts. */
  readonly experts: { readonly count: number; readonly perToken: number } | null;
  /** Null: no window. */
  readonly windows: readonly (Window | null)[];
  readonly rope: readonly RopeConfig[];
}

/**
 * The numbers of a model over weights of any kind.
 * @param outputsOf the number of outputs of a linear layer's weight.
 */
export function summaryOf<W>(model: Transformer<W>, outputsOf: (weight: W) => number): ModelSummary {
  const { config, blocks } = model;
  const [first] = blocks;
  const { heads, keyValueHeads, headSize } = first!.attention.shape;
  const network = first!.feedForward;
  const experts = network.kind === 'experts' ? { count: network.experts.length, perToken: network.perToken } : null;
  const mlp = network.kind === 'experts' ? network.experts[0]! : network;
  const rope = blocks.flatMap(({ attention: { rotary } }) => (rotary === null ? [] : [rotary.config]));
  return {
    ...config,
    layers: blocks.length,
    heads,
    keyValueHeads,
    headSize,
    mlpSize: mlpSizeOf(mlp, outputsOf),
    experts,
    windows: distinct(blocks.map(({ attention }) => attention.window)),
    rope: distinct(rope),
  };
}

function mlpSizeOf<W>({ up }: FeedForward<W>, outputsOf: (weight: W) => number): number {
  return up.columns === null ? outputsOf(up.linear.weight) : up.columns.size * up.columns.count;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
