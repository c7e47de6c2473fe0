import { exp } from '../../numerics/elementary.ts';
import { type Stored, widened } from '../../numerics/stored.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import { slotsOf } from '../../ops/attention-input.ts';
import type { AttentionShape, Visible } from '../../ops/ops.ts';
import type { EmulatedArithmetic } from './emulated-arithmetic.ts';
import { softCapped } from './emulated-elementwise.ts';
import type { EmulatedStore } from './emulated-store.ts';

/** What one head of one row works on. */
interface HeadInput {
  readonly q: Float64Array;
  readonly qAt: number;
  /** The first column of its key-value head. */
  readonly column: number;
  readonly head: number;
  readonly sink: number | undefined;
}

/** Scaled dot-product attention, each step rounded. @shape query: [N, heads * headSize]; result: the same */
export function emulatedAttention(
  by: EmulatedArithmetic,
  query: Tensor,
  stores: { readonly keys: EmulatedStore; readonly values: EmulatedStore },
  visible: readonly Visible[],
  shape: AttentionShape<Stored>,
): Tensor {
  const { heads, keyValueHeads, headSize } = shape;
  const { data, start, rows, width } = rowsOf('query', query);
  const [k, v, stride] = [stores.keys.data, stores.values.data, keyValueHeads * headSize];
  const sinks = shape.sinks == null ? null : widened(shape.sinks);
  const out = zeros('attention', [rows, width]);
  for (let row = 0; row < rows; row++) {
    const slots = slotsOf(visible[row]!, stores.keys.length);
    for (let head = 0; head < heads; head++) {
      const at = row * width + head * headSize;
      const column = Math.floor(head / (heads / keyValueHeads)) * headSize;
      const input = { q: data, qAt: start + at, column, head, sink: sinks?.[head] };
      const weights = weightsOf(by, input, k, stride, slots, shape);
      const seen = new Float64Array(slots.length);
      for (let i = 0; i < headSize; i++) {
        for (let j = 0; j < slots.length; j++) seen[j] = v[slots[j]! * stride + column + i]!;
        out.data[at + i] = by.store(by.dot(weights, 0, seen, 0, 1, slots.length));
      }
    }
  }
  return out;
}

function weightsOf(
  { inner: r, store, dot, sum }: EmulatedArithmetic,
  { q, qAt, column, head, sink }: HeadInput,
  keys: Float64Array,
  stride: number,
  slots: Int32Array,
  { headSize, scale = 1 / Math.sqrt(headSize), softCap, slopes }: AttentionShape<Stored>,
): Float64Array {
  const scores = Float64Array.from(slots, (slot, j) => {
    const product = store(r(dot(q, qAt, keys, slot * stride + column, 1, headSize)) * r(scale));
    const capped = softCap == null ? product : softCapped(r, product, softCap);
    return slopes == null ? capped : r(capped - r(r(slopes[head]!) * (slots.length - 1 - j)));
  });
  const largest = scores.reduce((most, score) => Math.max(most, score), sink ?? Number.NEGATIVE_INFINITY);
  const powers = scores.map((score) => r(exp(r(score - largest))));
  const total = sum(powers, powers.length);
  const all = sink === undefined ? total : r(total + r(exp(r(sink - largest))));
  return powers.map((power) => store(power / all));
}
