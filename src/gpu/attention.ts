/**
 * Attention over a key-value store on a device, in five kernels: scores, their maximum, powers (the exponentials of the
 * scores less the maximum), the sum of the powers, and the weighted sum of the values. Every sum runs over a row's own
 * keys in path order, in one thread, so that a row's bits do not depend on the rows beside it.
 * @packageDocumentation
 */
import { checkAttention, slotsOf } from '../ops/attention-input.ts';
import type { AttentionShape, RowStore, Visible } from '../ops/ops.ts';
import type { Device, DeviceArray, KernelSource } from './device.ts';
import { TANH } from './elementwise.ts';
import { GpuRowStore } from './row-store.ts';
import { type GpuTensor, type GpuWeight, gpuTensor, rowInput } from './tensor.ts';

const STORE = { type: GpuRowStore, name: 'a store of rows on the device' };

/**
 * Kernels are compiled for a number of slots: this one, or a larger power of two. A growing text seldom needs new
 * kernels then.
 */
const FEWEST_SLOTS = 16;

/** Threads are [slot of the row, head, row]. */
function scoresKernel(shape: AttentionShape): KernelSource {
  const { headSize, scale = 1 / Math.sqrt(headSize), softCap, slopes } = shape;
  const capped = softCap == null ? '' : `const t = score / this.constants.cap; ${TANH} score = this.constants.cap * s;`;
  const back = 'counts[0][this.thread.z] - 1 - this.thread.x';
  const biased = slopes == null ? '' : `score -= slopes[0][this.thread.y] * (${back});`;
  return {
    name: `scores${softCap == null ? '' : ', capped'}${slopes == null ? '' : ', biased'}`,
    source: `function (query, keys, slots, counts, columns${slopes == null ? '' : ', slopes'}) {
      if (this.thread.x >= counts[0][this.thread.z]) { return 0; }
      const slot = slots[this.thread.z][this.thread.x];
      const from = this.thread.y * this.constants.size;
      const column = columns[0][this.thread.y];
      let sum = 0;
      for (let i = 0; i < this.constants.size; i++) {
        sum += query[this.thread.z][from + i] * keys[slot][column + i];
      }
      let score = sum * this.constants.scale;
      ${capped}
      ${biased}
      return score;
    }`,
    constants: { size: headSize, scale, ...(softCap != null && { cap: softCap }) },
  };
}

/** Threads are [head, row]. */
const peaksKernel = (slots: number, sinks: boolean): KernelSource => ({
  name: sinks ? 'peaks with sinks' : 'peaks',
  source: `function (scores, counts${sinks ? ', sinks' : ''}) {
    let largest = ${sinks ? 'sinks[0][this.thread.x]' : 'scores[this.thread.y][this.thread.x][0]'};
    const count = counts[0][this.thread.y];
    for (let j = 0; j < this.constants.slots; j++) {
      const score = scores[this.thread.y][this.thread.x][j];
      if (j < count && score > largest) { largest = score; }
    }
    return largest;
  }`,
  constants: { slots },
});

const POWERS: KernelSource = {
  name: 'powers',
  source: `function (scores, peaks, counts) {
    if (this.thread.x >= counts[0][this.thread.z]) { return 0; }
    return Math.exp(scores[this.thread.z][this.thread.y][this.thread.x] - peaks[this.thread.z][this.thread.y]);
  }`,
};

/** Threads are [head, row]. The powers past a row's own keys are 0, so they do not change the sum. */
const totalsKernel = (slots: number, sinks: boolean): KernelSource => ({
  name: sinks ? 'totals with sinks' : 'totals',
  source: `function (powers${sinks ? ', peaks, sinks' : ''}) {
    let sum = 0;
    for (let j = 0; j < this.constants.slots; j++) {
      sum += powers[this.thread.y][this.thread.x][j];
    }
    return ${sinks ? 'sum + Math.exp(sinks[0][this.thread.x] - peaks[this.thread.y][this.thread.x])' : 'sum'};
  }`,
  constants: { slots },
});

/** Threads are [column of the result, row]. */
const mixKernel = (slots: number): KernelSource => ({
  name: 'mix values',
  source: `function (powers, totals, values, slots, counts, heads, columns) {
    const head = heads[0][this.thread.x];
    const column = columns[0][this.thread.x];
    const count = counts[0][this.thread.y];
    const total = totals[this.thread.y][head];
    let sum = 0;
    for (let j = 0; j < this.constants.slots; j++) {
      const slot = slots[this.thread.y][j];
      const value = values[slot][column];
      const power = powers[this.thread.y][head][j];
      if (j < count) { sum += (power / total) * value; }
    }
    return sum;
  }`,
  constants: { slots },
});

/**
 * `out = sum_j softmax_j(q · k_j / sqrt(Dh)) v_j` over the visible slots j, with the scale, soft cap, slopes and sinks
 * of the shape.
 * @shape query: [N, H * Dh]; keys, values: [slots, Hkv * Dh]; visible: N; result: [N, H * Dh]
 * @throws {@link ShapeError} when shapes do not fit (the query's, the stores', or heads that are not a multiple of
 * key-value heads), a visible slot is not stored, a row sees nothing, or slopes or sinks are not one per head.
 */
export function attention(
  device: Device,
  query: GpuTensor,
  keys: RowStore<GpuTensor>,
  values: RowStore<GpuTensor>,
  visible: readonly Visible[],
  shape: AttentionShape<GpuWeight>,
): GpuTensor {
  const stores = checkAttention({ query, keys, values, visible }, shape, STORE);
  const [k, v] = [stores.keys.array, stores.values.array];
  const { heads, keyValueHeads, headSize } = shape;
  const [rows, group] = [visible.length, heads / keyValueHeads];
  const seen = slotsOfAll(device, visible, keys.length);
  const { slots, counts, most } = seen;
  const columns = Array.from({ length: heads }, (_, head) => Math.floor(head / group) * headSize);
  const slopes = shape.slopes == null ? [] : [rowInput(device, shape.slopes)];
  const scoring = [query.array, k, slots, counts, rowInput(device, columns), ...slopes];
  const scores = device.run(scoresKernel(shape), [most, heads, rows], scoring);
  const { powers, totals } = softmax(device, scores, heads, seen, shape.sinks ?? null);
  const places = Array.from({ length: heads * headSize }, (_, column) => column);
  const headOf = places.map((place) => Math.floor(place / headSize));
  const columnOf = places.map((place) => columns[Math.floor(place / headSize)]! + (place % headSize));
  const mixing = [powers, totals, v, slots, counts, rowInput(device, headOf), rowInput(device, columnOf)];
  return gpuTensor(device.run(mixKernel(most), [heads * headSize, rows], mixing));
}

/**
 * The exponentials of the scores less the row's largest, and their sums.
 * @shape scores, powers: [N, H, most]; totals: [N, H]
 */
function softmax(
  device: Device,
  scores: DeviceArray,
  heads: number,
  { counts, most }: Seen,
  sinks: GpuWeight | null,
): { powers: DeviceArray; totals: DeviceArray } {
  const rows = counts.size[0];
  const sink = sinks === null ? [] : [sinks.array];
  const peaks = device.run(peaksKernel(most, sinks !== null), [heads, rows], [scores, counts, ...sink]);
  const powers = device.run(POWERS, [most, heads, rows], [scores, peaks, counts]);
  const summing = sinks === null ? [powers] : [powers, peaks, ...sink];
  return { powers, totals: device.run(totalsKernel(most, sinks !== null), [heads, rows], summing) };
}

/** The slots that the rows of a batch see. */
interface Seen {
  /** Slots by row, each row filled up with slot 0. @shape [N, most] */
  readonly slots: DeviceArray;
  /** How many slots of each row count. @shape [1, N] */
  readonly counts: DeviceArray;
  readonly most: number;
}

function slotsOfAll(device: Device, visible: readonly Visible[], stored: number): Seen {
  const lists = visible.map((one) => slotsOf(one, stored));
  let most = FEWEST_SLOTS;
  for (const { length } of lists) while (most < length) most *= 2;
  const all = new Float32Array(lists.length * most);
  lists.forEach((list, row) => {
    all.set(list, row * most);
  });
  const counts = lists.map(({ length }) => length);
  return { slots: device.input(all, [most, lists.length]), counts: rowInput(device, counts), most };
}
