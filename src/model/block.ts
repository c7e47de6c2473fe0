/**
 * One block of a decoder: attention and feed-forward network, joined by residuals.
 * @packageDocumentation
 */
import { expectFinite } from '../ops/finite.ts';
import { type Attention, attend, mapAttention } from './attention.ts';
import { type Experts, mapExperts, mixExperts } from './experts.ts';
import { type FeedForward, feedForward, mapFeedForward } from './feed-forward.ts';
import { mapNorm, type Norm, normalise } from './norm.ts';
import type { Pass } from './pass.ts';

/** The norms of a block. Null: no norm at this point. */
export interface BlockNorms<W> {
  readonly beforeAttention: Norm<W> | null;
  readonly afterAttention: Norm<W> | null;
  /** Null in a parallel block: the network reads the rows that were normalised for attention. */
  readonly beforeFeedForward: Norm<W> | null;
  readonly afterFeedForward: Norm<W> | null;
}

/** One decoder block. */
export interface Block<W> {
  /** Module path, such as `model.layers.0`. */
  readonly path: string;
  readonly norms: BlockNorms<W>;
  readonly attention: Attention<W>;
  readonly feedForward: FeedForward<W> | Experts<W>;
  /**
   * True: attention and the feed-forward network both read the block's input. False: the network reads the residual
   * stream after attention.
   */
  readonly parallel: boolean;
  /** Factor s on the outputs of attention and of the network, when they are added to the residual stream. */
  readonly residualScale: number;
}

/**
 * The residual stream after a block. `before` and `after` are the block's norms; s is its residual scale. Sequential:
 * `y = x + s after(attend(before(x)))`, then `y + s after(feedForward(before(y)))`. Parallel:
 * `x + s attend(before(x)) + s feedForward(before(x))`.
 * @shape x: [N, D]; result: [N, D]
 * @throws {@link NonFiniteError} when a state overflows or is NaN, naming the layer and the row.
 * @source Touvron et al. 2023, arXiv 2302.13971, section 2.2; parallel: Black et al. 2022, arXiv 2204.06745, section
 * 2.1
 */
export function throughBlock<T, W>(pass: Pass<T, W>, block: Block<W>, layer: number, x: T): T {
  const { ops } = pass;
  const { norms, parallel, residualScale } = block;
  const added = (to: T, part: T): T =>
    residualScale === 1 ? ops.add(to, part) : ops.addScaled(to, residualScale, part);
  const n = normalise(ops, norms.beforeAttention, x);
  const y = added(x, normalise(ops, norms.afterAttention, attend(pass, block.attention, layer, n)));
  expectFinite(ops, `states after the attention of layer ${layer}`, y);
  const m =
    parallel && norms.beforeFeedForward === null ? n : normalise(ops, norms.beforeFeedForward, parallel ? x : y);
  const z = added(y, normalise(ops, norms.afterFeedForward, throughNetwork(pass, block.feedForward, m)));
  expectFinite(ops, `states after the feed-forward of layer ${layer}`, z);
  return z;
}

function throughNetwork<T, W>(pass: Pass<T, W>, network: FeedForward<W> | Experts<W>, x: T): T {
  const { ops, lanes, rows, width } = pass;
  return network.kind === 'experts' ? mixExperts(ops, network, x, rows, width) : feedForward(ops, lanes, network, x);
}

/** The same block over other weights. */
export function mapBlock<V, W>(block: Block<V>, to: (weight: V) => W): Block<W> {
  const { norms, attention, feedForward: network } = block;
  return {
    ...block,
    norms: {
      beforeAttention: mapNorm(norms.beforeAttention, to),
      afterAttention: mapNorm(norms.afterAttention, to),
      beforeFeedForward: mapNorm(norms.beforeFeedForward, to),
      afterFeedForward: mapNorm(norms.afterFeedForward, to),
    },
    attention: mapAttention(attention, to),
    feedForward: network.kind === 'experts' ? mapExperts(network, to) : mapFeedForward(network, to),
  };
}
