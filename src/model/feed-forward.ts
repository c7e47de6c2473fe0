/**
 * The feed-forward network of a block. It computes each token from that token's row only.
 * @packageDocumentation
 */
import { type Lane, linearWithLora } from '../adapters/lora.ts';
import type { Ops } from '../ops/ops.ts';
import { type Linear, mapLinear } from './linear.ts';
import { mapProjections, type Projection, project } from './projection.ts';

/** Activation functions, by the names of their operations. */
export type Activation = 'silu' | 'gelu' | 'geluTanh' | 'geluFast' | 'relu';

/** A feed-forward network: gated, or plain when there is no gate. */
export interface FeedForward<W> {
  readonly kind: 'feed-forward';
  /** Module path, such as `model.layers.0.mlp`. */
  readonly path: string;
  readonly activation: Activation;
  readonly gate: Projection<W> | null;
  readonly up: Projection<W>;
  readonly down: Linear<W>;
}

/**
 * `down(activation(gate x) * up x)`, or `down(activation(up x))` without a gate.
 * @shape x: [N, D]; result: [N, D]
 * @source Shazeer 2020, arXiv 2002.05202, section 2 (gated); Vaswani et al. 2017, arXiv 1706.03762, section 3.3 (plain)
 */
export function feedForward<T, W>(ops: Ops<T, W>, lanes: readonly Lane<W>[], network: FeedForward<W>, x: T): T {
  const { activation, gate, up, down } = network;
  const [first, second] = project(ops, lanes, gate === null ? [up] : [gate, up], x);
  const active = ops[activation](first!);
  return linearWithLora(ops, second === undefined ? active : ops.multiply(active, second), down, lanes);
}

/** The same network over other weights. */
export function mapFeedForward<V, W>(network: FeedForward<V>, to: (weight: V) => W): FeedForward<W> {
  const { gate, up } = network;
  const [first, second] = mapProjections(gate === null ? [up] : [gate, up], (linear) => mapLinear(linear, to));
  const [newGate, newUp] = second === undefined ? [null, first!] : [first!, second];
  return { ...network, gate: newGate, up: newUp, down: mapLinear(network.down, to) };
}
