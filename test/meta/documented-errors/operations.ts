import { stored } from '../../../src/numerics/stored.ts';
import { tensor, zeros } from '../../../src/numerics/tensor.ts';
import { checkAttention, slotsOf } from '../../../src/ops/attention-input.ts';
import { atOnce } from '../../../src/ops/backend.ts';
import { expectFinite, expectFiniteRows } from '../../../src/ops/finite.ts';
import { attention } from '../../../src/ops/float64/attention.ts';
import { add, addScaled, multiply } from '../../../src/ops/float64/elementwise.ts';
import { embed } from '../../../src/ops/float64/embed.ts';
import { chooseExperts, mixRows } from '../../../src/ops/float64/experts.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { layerNorm } from '../../../src/ops/float64/layer-norm.ts';
import { linear, linearNaive } from '../../../src/ops/float64/linear.ts';
import { expectSum, gainOf, partSize, rmsNorm } from '../../../src/ops/float64/rms-norm.ts';
import { rotate } from '../../../src/ops/float64/rotate.ts';
import { Float64RowStore } from '../../../src/ops/float64/row-store.ts';
import { pickColumns, pickRows, stackRows } from '../../../src/ops/float64/rows.ts';
import { checkKeptRows } from '../../../src/ops/kept-rows.ts';
import type { Calls } from './calls.ts';

const x = zeros('x', [2, 4]);
const overflowing = tensor('x', Float64Array.of(1e200, 0), [1, 2]);
const narrow = zeros('y', [2, 3]);
const weight = stored('w', 'F64', new Float64Array(6), [2, 3]);
const gain = (size: number) => stored('gain', 'F64', new Float64Array(size), [size]);
const shape = { heads: 2, keyValueHeads: 2, headSize: 2 };

export const operations: Calls = {
  'ops/attention-input checkAttention': {
    ShapeError: () => {
      const [keys, values] = [new Float64RowStore(4), new Float64RowStore(4)];
      checkAttention({ query: x, keys, values, visible: [] }, shape, { type: Float64RowStore, name: 'a store' });
    },
  },
  'ops/attention-input slotsOf': { ShapeError: () => slotsOf({ from: 0, to: 0, branch: [] }, 1) },
  'ops/backend atOnce': { ConflictError: () => atOnce(Promise.resolve()) },
  'ops/finite expectFinite': {
    NonFiniteError: () => {
      const broken = zeros('x', [1, 1]);
      broken.data[broken.offset] = Number.NaN;
      expectFinite(float64Ops, 'x', broken);
    },
  },
  'ops/finite expectFiniteRows': {
    NonFiniteError: () => expectFiniteRows('x', tensor('x', Float64Array.of(1, Number.NaN), [1, 2])),
  },
  'ops/float64/attention attention': {
    ShapeError: () => attention(x, new Float64RowStore(4), new Float64RowStore(4), [], shape),
  },
  'ops/float64/elementwise add': { ShapeError: () => add(x, narrow) },
  'ops/float64/elementwise addScaled': { ShapeError: () => addScaled(x, 2, narrow) },
  'ops/float64/elementwise multiply': { ShapeError: () => multiply(x, narrow) },
  'ops/float64/embed embed': { TokenError: () => embed(weight, [2]) },
  'ops/float64/experts chooseExperts': { ShapeError: () => chooseExperts(x, 5, true) },
  'ops/float64/experts mixRows': {
    ShapeError: () => mixRows(2, 3, [{ rows: [2], weights: Float64Array.of(1), x: narrow }]),
  },
  'ops/float64/layer-norm layerNorm': {
    ShapeError: () => layerNorm(x, gain(3), null, 0),
    NonFiniteError: () => layerNorm(overflowing, null, null, 0),
  },
  'ops/float64/linear linearNaive': { ShapeError: () => linearNaive(x, weight, null) },
  'ops/float64/linear linear': { ShapeError: () => linear(x, weight, null) },
  'ops/float64/rms-norm rmsNorm': {
    ShapeError: () => rmsNorm(x, gain(3), 0),
    NonFiniteError: () => rmsNorm(overflowing, gain(2), 0),
  },
  'ops/float64/rms-norm partSize': { ShapeError: () => partSize(4, 3) },
  'ops/float64/rms-norm gainOf': { ShapeError: () => gainOf(gain(3), 4, 2, 0) },
  'ops/float64/rms-norm expectSum': { NonFiniteError: () => expectSum('x', Number.NaN) },
  'ops/float64/rotate rotate': {
    ShapeError: () => rotate(x, 2, { cos: new Float64Array(1), sin: new Float64Array(1) }),
  },
  'ops/float64/rows pickColumns': { ShapeError: () => pickColumns(x, { from: 3, size: 2, stride: 2, count: 1 }) },
  'ops/float64/rows pickRows': { ShapeError: () => pickRows(x, [2]) },
  'ops/float64/rows stackRows': { ShapeError: () => stackRows([x, narrow]) },
  'ops/float64/row-store Float64RowStore.append': { ShapeError: () => new Float64RowStore(3).append(x) },
  'ops/float64/row-store Float64RowStore.keep': { ShapeError: () => new Float64RowStore(3).keep(1, []) },
  'ops/kept-rows checkKeptRows': { ShapeError: () => checkKeptRows(0, 1, []) },
};
