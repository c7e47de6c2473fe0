/**
 * Attention over a key-value store. For each query row and head: scores over the visible keys in path order, a
 * softmax, and the weighted sum of the values, each sum left to right over those keys.
 *
 * Nothing here knows how many other rows are computed beside this one, and a tree row visits its ancestors in path
 * order wherever they are stored: this is why batched, tree and one-by-one evaluation give the same bits.
 * @packageDocumentation
 */
import { exp, tanh } from '../../numerics/elementary.ts';
import { type Stored, widened } from '../../numerics/stored.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import { checkAttention, slotsOf } from '../attention-input.ts';
import type { AttentionShape, RowStore, Visible } from '../ops.ts';
import { Float64RowStore } from './row-store.ts';

const STORE = { type: Float64RowStore, name: 'a store of float64 rows' };

/**
 * `out = sum_j softmax_j(q · k_j / sqrt(Dh)) v_j` over the visible slots j; query head h reads key-value head floor(h /
 * (H / Hkv)). The shape may ask for another scale, a soft cap on the scores, a loss by distance (ALiBi) and a score
 * that has no value (a sink).
 * @shape query: [N, H * Dh]; keys, values: [slots, Hkv * Dh]; visible: N; result: [N, H * Dh]
 * @throws {@link ShapeError} when shapes do not fit (the query's, the stores', or heads that are not a multiple of
 * key-value heads), a visible slot is not stored, a row sees nothing, or slopes or sinks are not one per head.
 * @source Vaswani et al. 2017, arXiv 1706.03762, equation 1; Ainslie et al. 2023, arXiv 2305.13245 (grouped queries);
 * Press et al. 2021, arXiv 2108.12409 (ALiBi); Gemma 2, arXiv 2408.00118 (soft cap); transformers
 * `models/gpt_oss/modeling_gpt_oss.py` (sinks)
 */
export function attention(
  query: Tensor,
  keys: RowStore<Tensor>,
  values: RowStore<Tensor>,
  visible: readonly Visible[],
  shape: AttentionShape<Stored>,
): Tensor {
  const stores = checkAttention({ query, keys, values, visible }, shape, STORE);
  const [k, v] = [stores.keys.data, stores.values.data];
  const { heads, keyValueHeads, headSize } = shape;
  const q = rowsOf('query', query);
  const out = zeros('attention', [q.rows, q.width]);
  const scale = shape.scale ?? 1 / Math.sqrt(headSize);
  const bent = shape.softCap != null || shape.slopes != null;
  const group = heads / keyValueHeads;
  const sinks = shape.sinks == null ? null : widened(shape.sinks);
  for (let row = 0; row < q.rows; row++) {
    const slots = slotsOf(visible[row]!, keys.length);
    const weights = new Float64Array(slots.length);
    for (let head = 0; head < heads; head++) {
      const at = row * q.width + head * headSize;
      const column = Math.floor(head / group) * headSize;
      scoreKeys(q.data, q.start + at, k, column, keyValueHeads * headSize, slots, headSize, weights);
      if (bent) bendScores(weights, shape, scale, head);
      softmaxScaled(weights, bent ? 1 : scale, sinks?.[head]);
      sumValues(v, column, keyValueHeads * headSize, slots, weights, out.data, at, headSize);
    }
  }
  return out;
}

function scoreKeys(
  q: Float64Array,
  qAt: number,
  k: Float64Array,
  column: number,
  stride: number,
  slots: Int32Array,
  size: number,
  scores: Float64Array,
): void {
  const four = slots.length & ~3;
  let j = 0;
  for (; j < four; j += 4) {
    // Four keys at a time, each its own left-to-right sum.
    const k0 = slots[j]! * stride + column;
    const k1 = slots[j + 1]! * stride + column;
    const k2 = slots[j + 2]! * stride + column;
    const k3 = slots[j + 3]! * stride + column;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let i = 0; i < size; i++) {
      const value = q[qAt + i]!;
      s0 += value * k[k0 + i]!;
      s1 += value * k[k1 + i]!;
      s2 += value * k[k2 + i]!;
      s3 += value * k[k3 + i]!;
    }
    scores[j] = s0;
    scores[j + 1] = s1;
    scores[j + 2] = s2;
    scores[j + 3] = s3;
  }
  for (; j < slots.length; j++) {
    const kAt = slots[j]! * stride + column;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += q[qAt + i]! * k[kAt + i]!;
    scores[j] = sum;
  }
}

/**
 * In place: products of query and keys to capped and biased scores. The keys are those of the row's path, its own last.
 */
function bendScores(scores: Float64Array, { softCap, slopes }: AttentionShape, scale: number, head: number): void {
  for (let j = 0; j < scores.length; j++) scores[j]! *= scale;
  if (softCap != null) for (let j = 0; j < scores.length; j++) scores[j] = softCap * tanh(scores[j]! / softCap);
  if (slopes != null) for (let j = 0; j < scores.length; j++) scores[j]! -= slopes[head]! * (scores.length - 1 - j);
}

/** In place: scores to weights, `exp(scale s_j - max) / sum`; a sink counts in both. */
function softmaxScaled(scores: Float64Array, scale: number, sink: number | undefined): void {
  let largest = sink ?? Number.NEGATIVE_INFINITY;
  for (let j = 0; j < scores.length; j++) {
    scores[j]! *= scale;
    if (scores[j]! > largest) largest = scores[j]!;
  }
  let total = 0;
  for (let j = 0; j < scores.length; j++) {
    scores[j] = exp(scores[j]! - largest);
    total += scores[j]!;
  }
  if (sink !== undefined) total += exp(sink - largest);
  for (let j = 0; j < scores.length; j++) scores[j]! /= total;
}

function sumValues(
  v: Float64Array,
  column: number,
  stride: number,
  slots: Int32Array,
  weights: Float64Array,
  out: Float64Array,
  outAt: number,
  size: number,
): void {
  for (let j = 0; j < slots.length; j++) {
    const at = slots[j]! * stride + column;
    const weight = weights[j]!;
    for (let i = 0; i < size; i++) out[outAt + i]! += weight * v[at + i]!;
  }
}
