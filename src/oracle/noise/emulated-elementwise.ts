import { erf, exp, tanh } from '../../numerics/elementary.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { Ops } from '../../ops/ops.ts';
import type { EmulatedArithmetic } from './emulated-arithmetic.ts';
import type { Round } from './formats.ts';

/** Operations on one number at a time. */
type Elementwise = Pick<
  Ops<Tensor, never>,
  'silu' | 'gelu' | 'geluTanh' | 'geluFast' | 'relu' | 'softCap' | 'scale' | 'add' | 'multiply' | 'addScaled'
>;

const GELU_FACTOR = Math.sqrt(2 / Math.PI);

/** Each step rounded to the inner format, the result to that of activations. */
export function emulatedElementwise({ inner: r, store }: EmulatedArithmetic): Elementwise {
  const half = (x: number, bent: number): number => r(r(0.5 * x) * r(1 + bent));
  const cubic = (x: number): number => r(1 + r(r(r(0.044715) * x) * x));
  return {
    silu: (x) => mapped(store, x, (v) => r(v / r(1 + r(exp(-v))))),
    gelu: (x) => mapped(store, x, (v) => half(v, r(erf(r(v * r(Math.SQRT1_2)))))),
    geluTanh: (x) =>
      mapped(store, x, (v) => half(v, r(tanh(r(r(GELU_FACTOR) * r(v + r(r(r(0.044715) * v) * r(v * v)))))))),
    geluFast: (x) => mapped(store, x, (v) => half(v, r(tanh(r(r(v * r(0.7978845608)) * cubic(v)))))),
    relu: (x) => mapped(store, x, (v) => (v < 0 ? 0 : v)),
    softCap: (x, cap) => mapped(store, x, (v) => softCapped(r, v, cap)),
    scale: (x, factor) => mapped(store, x, (v) => r(factor) * v),
    add: (x, y) => joined(store, x, y, (a, b) => a + b),
    multiply: (x, y) => joined(store, x, y, (a, b) => a * b),
    addScaled: (x, factor, y) => joined(store, x, y, (a, b) => a + store(r(factor) * b)),
  };
}

/** `cap tanh(x / cap)`, each step rounded. */
export function softCapped(round: Round, x: number, cap: number): number {
  return round(cap * round(tanh(round(x / cap))));
}

function mapped(store: Round, x: Tensor, of: (value: number) => number): Tensor {
  const { data, start, rows, width } = rowsOf('input', x);
  const y = zeros('result', [rows, width]);
  for (let i = 0; i < y.data.length; i++) y.data[i] = store(of(data[start + i]!));
  return y;
}

function joined(store: Round, x: Tensor, y: Tensor, of: (a: number, b: number) => number): Tensor {
  const [a, b] = [rowsOf('first operand', x), rowsOf('second operand', y)];
  const z = zeros('result', [a.rows, a.width]);
  for (let i = 0; i < z.data.length; i++) z.data[i] = store(of(a.data[a.start + i]!, b.data[b.start + i]!));
  return z;
}
