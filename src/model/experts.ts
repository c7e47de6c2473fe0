/**
 * Feed-forward networks of which each token uses a few.
 * @packageDocumentation
 */
import type { Lane } from '../adapters/lora.ts';
import type { Ops } from '../ops/ops.ts';
import { type FeedForward, feedForward, mapFeedForward } from './feed-forward.ts';
import { type Linear, mapLinear } from './linear.ts';

/** Experts and the router that chooses among them. Adapters leave both alone. */
export interface Experts<W> {
  readonly kind: 'experts';
  /** Module path, such as `model.layers.0.block_sparse_moe`. */
  readonly path: string;
  readonly router: Linear<W>;
  readonly experts: readonly FeedForward<W>[];
  /** Experts that a token uses. */
  readonly perToken: number;
  /** Whether the weights of a token's chosen experts are divided by their sum. */
  readonly normalised: boolean;
}

/**
 * For each row, the sum of the outputs of its chosen experts, weighted by the router's softmax. An expert computes only
 * the rows that chose it. The sum of a row goes through its experts in ascending order, so its bits do not depend on
 * the other rows.
 *
 * On a device this waits for the router's logits, once per layer: see {@link Ops.chooseExperts}.
 * @shape x: [N, D]; result: [N, D]
 * @source Jiang et al. 2024, arXiv 2401.04088, section 2.1; transformers `models/mixtral/modeling_mixtral.py`
 */
export function mixExperts<T, W>(
  ops: Ops<T, W>,
  { router, experts, perToken, normalised }: Experts<W>,
  x: T,
  rows: number,
  width: number,
): T {
  const shares = ops.chooseExperts(ops.linear(x, router.weight, router.bias), perToken, normalised);
  const results = shares.flatMap((share, i) => {
    if (share.rows.length === 0) return [];
    const lane: Lane<W> = { rows: share.rows.length, adapter: null };
    return [{ ...share, x: feedForward(ops, [lane], experts[i]!, ops.pickRows(x, share.rows)) }];
  });
  return ops.mixRows(rows, width, results);
}

/** The same experts over other weights. */
export function mapExperts<V, W>(experts: Experts<V>, to: (weight: V) => W): Experts<W> {
  return {
    ...experts,
    router: mapLinear(experts.router, to),
    experts: experts.experts.map((expert) => mapFeedForward(expert, to)),
  };
}
