/**
 * Attention over a key-value store on a device, in five kernels: scores, their maximum, powers, their sum, and the weighted sum of the
 * values. Every sum runs over a row's own keys in path order, in one thread, so that a row's bits do not depend on the rows beside it.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import { expectShape } from '../numerics/tensor.ts';
import type { AttentionShape, RowStore, Visible } from '../ops/ops.ts';
import type { Device, DeviceArray, KernelSource } from './device.ts';
import { TANH } from './elementwise.ts';
import { GpuRowStore } from './row-store.ts';
import { type GpuTensor, type GpuWeight, gpuTensor, rowInput } from './tensor.ts';

/** Fewest slots that the kernels are compiled for; more are a power of two, so that a growing text seldom needs new ones. */
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

/** The powers after a row's keys are 0 and leave the sum as it is. */
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
 * `out = sum_j softmax_j(q · k_j / sqrt(Dh)) v_j` over the visible slots j, with the scale, soft cap, slopes and sinks of the shape.
 * @shape query: [N, H * Dh]; keys, values: [slots, Hkv * Dh]; visible: N; result: [N, H * Dh]
 * @throws {@link ShapeError} when shapes do not fit (the query's, the stores', or heads that are not a multiple of key-value
 * heads), a visible slot is not stored, a row sees nothing, or slopes or sinks are not one per head.
 */
export function attention(
  device: Device,
  query: GpuTensor,
  keys: RowStore<GpuTensor>,
  values: RowStore<GpuTensor>,
  visible: readonly Visible[],
  shape: AttentionShape<GpuWeight>,
): GpuTensor {
  const { heads, keyValueHeads, headSize } = checkHeads(shape);
  expectShape('query', query, [visible.length, heads * headSize]);
  const [k, v] = [
    storedIn('keys', keys, keyValueHeads * headSize),
    storedIn('values', values, keyValueHeads * headSize),
  ];
  if (values.length !== keys.length) throw new ShapeError('values', `${keys.length} rows, as keys`, `${values.length}`);
  const rows = visible.length;
  const { slots, counts, most } = slotsOf(device, visible, keys.length);
  const group = heads / keyValueHeads;
  const columns = Array.from({ length: heads }, (_, head) => Math.floor(head / group) * headSize);
  const row = (numbers: ArrayLike<number> | null | undefined): DeviceArray[] =>
    numbers == null ? [] : [rowInput(device, numbers)];
  const sinks = shape.sinks == null ? [] : [shape.sinks.array];
  const sized = [most, heads, rows] as const;
  const scoring = [query.array, k, slots, counts, rowInput(device, columns), ...row(shape.slopes)];
  const scores = device.run(scoresKernel(shape), sized, scoring);
  const peaks = device.run(peaksKernel(most, sinks.length > 0), [heads, rows], [scores, counts, ...sinks]);
  const powers = device.run(POWERS, sized, [scores, peaks, counts]);
  const summing = sinks.length > 0 ? [powers, peaks, ...sinks] : [powers];
  const totals = device.run(totalsKernel(most, sinks.length > 0), [heads, rows], summing);
  const places = Array.from({ length: heads * headSize }, (_, column) => column);
  const headOf = rowInput(
    device,
    places.map((place) => Math.floor(place / headSize)),
  );
  const columnOf = rowInput(
    device,
    places.map((place) => columns[Math.floor(place / headSize)]! + (place % headSize)),
  );
  return gpuTensor(
    device.run(mixKernel(most), [heads * headSize, rows], [powers, totals, v, slots, counts, headOf, columnOf]),
  );
}

function checkHeads(shape: AttentionShape<GpuWeight>): AttentionShape<GpuWeight> {
  const { heads, keyValueHeads, headSize } = shape;
  const fits = [heads, keyValueHeads, headSize].every((count) => Number.isInteger(count) && count > 0);
  if (!fits || heads % keyValueHeads !== 0) {
    const expected = 'positive integers, heads a multiple of key-value heads';
    throw new ShapeError('attention heads', expected, `${heads} over ${keyValueHeads} of size ${headSize}`);
  }
  const { slopes, sinks } = shape;
  if (slopes != null && slopes.length !== heads) throw new ShapeError('slopes', `${heads} numbers`, `${slopes.length}`);
  if (sinks != null) expectShape('sinks', sinks, [heads]);
  return shape;
}

function storedIn(label: string, store: RowStore<GpuTensor>, width: number): DeviceArray {
  if (!(store instanceof GpuRowStore)) throw new ShapeError(label, 'a store of rows on the device', typeof store);
  if (store.width !== width) throw new ShapeError(label, `rows of ${width}`, `${store.width}`);
  return store.array;
}

/** The visible slots of all rows, each row filled up with slot 0, and how many of them count. */
function slotsOf(
  device: Device,
  visible: readonly Visible[],
  stored: number,
): { slots: DeviceArray; counts: DeviceArray; most: number } {
  const lists = visible.map((one) => pathOf(one, stored));
  let most = FEWEST_SLOTS;
  for (const { length } of lists) while (most < length) most *= 2;
  const all = new Float32Array(lists.length * most);
  lists.forEach((list, row) => {
    all.set(list, row * most);
  });
  const counts = lists.map(({ length }) => length);
  return { slots: device.input(all, [most, lists.length]), counts: rowInput(device, counts), most };
}

function pathOf({ from, to, branch }: Visible, stored: number): number[] {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > stored) {
    throw new ShapeError('visible slots', `a range in [0, ${stored}]`, `[${from}, ${to})`);
  }
  const path = Array.from({ length: to - from }, (_, i) => from + i);
  for (const slot of branch) {
    if (!Number.isInteger(slot) || slot < 0 || slot >= stored) {
      throw new ShapeError('visible slot', `an integer in [0, ${stored})`, `${slot}`);
    }
    path.push(slot);
  }
  if (path.length === 0) throw new ShapeError('visible slots', 'at least one', 'none');
  return path;
}
