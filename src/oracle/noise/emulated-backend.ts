/**
 * A backend that computes as an engine does: every number is rounded to the engine's format, every sum has one of the
 * orders that engines choose. Whole models run through it unchanged.
 * @packageDocumentation
 */
import { type Stored, stored, widened } from '../../numerics/stored.ts';
import { matrixShape, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { Backend } from '../../ops/backend.ts';
import { float64Ops } from '../../ops/index.ts';
import type { Ops, Rotation } from '../../ops/ops.ts';
import type { EmulatedArithmetic } from './emulated-arithmetic.ts';
import { emulatedAttention } from './emulated-attention.ts';
import { emulatedElementwise } from './emulated-elementwise.ts';
import { emulatedNorm } from './emulated-norms.ts';
import { EmulatedStore } from './emulated-store.ts';

/** The backend of one arithmetic. Weights are rounded to its format when they are uploaded. */
export function emulatedBackend(by: EmulatedArithmetic): Backend<Tensor, Stored> {
  return {
    name: `emulated: ${by.name}`,
    ops: emulatedOps(by),
    upload: (weight) => stored('weight', 'F64', widened(weight).map(by.store), weight.shape),
    readBack: (x) => x,
    scope: (work) => work(),
    free: () => undefined,
  };
}

function emulatedOps(by: EmulatedArithmetic): Ops<Tensor, Stored> {
  // What only moves numbers is left to the reference.
  const { embed, pickRows, stackRows, pickColumns, firstNonFinite } = float64Ops;
  return {
    ...{ embed, pickRows, stackRows, pickColumns, firstNonFinite },
    ...emulatedElementwise(by),
    linear: (x, weight, bias) => linear(by, x, weight, bias),
    rmsNorm: (x, gain, epsilon, options) => emulatedNorm(by, x, { gain, bias: null, epsilon, centred: false, options }),
    layerNorm: (x, gain, bias, epsilon, options) =>
      emulatedNorm(by, x, { gain, bias, epsilon, centred: true, options }),
    rotate: (x, heads, rotation) => rotate(by, x, heads, rotation),
    attention: (query, keys, values, visible, shape) => {
      const stores = { keys: keys as EmulatedStore, values: values as EmulatedStore };
      return emulatedAttention(by, query, stores, visible, shape);
    },
    chooseExperts: (logits, count, normalised) =>
      float64Ops.chooseExperts(logits, count, normalised).map(({ rows, weights }) => {
        return { rows, weights: weights.map(by.store) };
      }),
    mixRows: (rows, width, results) => {
      const y = zeros('experts', [rows, width]);
      for (const { rows: places, weights, x } of results) {
        const { data, start } = rowsOf('expert result', x);
        for (const [i, row] of places.entries()) {
          for (let c = 0; c < width; c++) {
            const part = by.store(weights[i]! * data[start + i * width + c]!);
            y.data[row * width + c] = by.store(y.data[row * width + c]! + part);
          }
        }
      }
      return y;
    },
    newStore: (width) => new EmulatedStore(width),
  };
}

function linear({ store, inner, dot }: EmulatedArithmetic, x: Tensor, weight: Stored, bias: Stored | null): Tensor {
  const { data, start, rows, width } = rowsOf('linear input', x);
  const [outputs] = matrixShape('linear weight', weight);
  const [w, b] = [widened(weight), bias === null ? null : widened(bias)];
  const y = zeros('linear', [rows, outputs]);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const sum = inner(dot(data, start + row * width, w, o * width, 1, width));
      y.data[row * outputs + o] = store(b === null ? sum : sum + b[o]!);
    }
  }
  return y;
}

function rotate({ store, inner: r }: EmulatedArithmetic, x: Tensor, heads: number, rotation: Rotation): Tensor {
  const { data, start, rows, width } = rowsOf('rotary input', x);
  const size = width / heads;
  const { cos, sin, dimensions = size, interleaved = false } = rotation;
  const planes = dimensions / 2;
  const [step, apart] = interleaved ? [2, 1] : [1, planes];
  const y = zeros('rotated', [rows, width]);
  y.data.set(data.subarray(start, start + rows * width));
  for (let row = 0; row < rows; row++) {
    for (let at = row * width; at < (row + 1) * width; at += size) {
      for (let i = 0; i < planes; i++) {
        const [c, s] = [r(cos[row * planes + i]!), r(sin[row * planes + i]!)];
        const [a, b] = [at + i * step, at + i * step + apart];
        const [first, second] = [data[start + a]!, data[start + b]!];
        y.data[a] = store(r(first * c) - r(second * s));
        y.data[b] = store(r(second * c) + r(first * s));
      }
    }
  }
  return y;
}
