import { erf, exp, tanh } from '../../numerics/elementary.ts';
import { expectShape, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';

/**
 * `x * sigmoid(x) = x / (1 + exp(-x))`.
 * @shape x: [N, D]; result: [N, D]
 * @source Elfwing et al. 2017, arXiv 1702.03118
 */
export function silu(x: Tensor): Tensor {
  const { data, start, rows, width } = rowsOf('silu input', x);
  const y = zeros('silu', [rows, width]);
  for (let i = 0; i < y.data.length; i++) y.data[i] = data[start + i]! / (1 + exp(-data[start + i]!));
  return y;
}

/**
 * The Gaussian error linear unit, `x * (1 + erf(x / sqrt(2))) / 2`.
 * @shape x: [N, D]; result: [N, D]
 * @source Hendrycks & Gimpel 2016, arXiv 1606.08415, section 2
 */
export function gelu(x: Tensor): Tensor {
  return mapped('gelu', x, (v) => 0.5 * v * (1 + erf(v * Math.SQRT1_2)));
}

const GELU_FACTOR = Math.sqrt(2 / Math.PI);

/**
 * The same by hyperbolic tangent, `x * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`, which the weights of GPT-2 and
 * Gemma were trained with.
 * @shape x: [N, D]; result: [N, D]
 * @source Hendrycks & Gimpel 2016, arXiv 1606.08415, section 2
 */
export function geluTanh(x: Tensor): Tensor {
  return mapped('gelu', x, (v) => 0.5 * v * (1 + tanh(GELU_FACTOR * (v + 0.044715 * v * v * v))));
}

/**
 * The same with the factor cut to ten digits, `x * (1 + tanh(0.7978845608 x (1 + 0.044715 x^2))) / 2`: `gelu_fast`,
 * which the weights of GPT-NeoX were trained with. Within 1e-12 of {@link geluTanh}.
 * @shape x: [N, D]; result: [N, D]
 * @source transformers `activations.py` (`FastGELUActivation`)
 */
export function geluFast(x: Tensor): Tensor {
  return mapped('gelu', x, (v) => 0.5 * v * (1 + tanh(v * 0.7978845608 * (1 + 0.044715 * v * v))));
}

/** `max(0, x)`. @shape x: [N, D]; result: [N, D] */
export function relu(x: Tensor): Tensor {
  return mapped('relu', x, (v) => (v < 0 ? 0 : v));
}

/**
 * `cap * tanh(x / cap)`: nearly x where it is small, never beyond the cap.
 * @shape x: [N, D]; result: [N, D]
 * @source Gemma 2, arXiv 2408.00118, section 2
 */
export function softCap(x: Tensor, cap: number): Tensor {
  return mapped('soft cap', x, (v) => cap * tanh(v / cap));
}

/** `scale * x`. @shape x: [N, D]; result: [N, D] */
export function scale(x: Tensor, scale: number): Tensor {
  return mapped('scaled', x, (v) => scale * v);
}

function mapped(label: string, x: Tensor, of: (value: number) => number): Tensor {
  const { data, start, rows, width } = rowsOf(`${label} input`, x);
  const y = zeros(label, [rows, width]);
  for (let i = 0; i < y.data.length; i++) y.data[i] = of(data[start + i]!);
  return y;
}

/** `x + y`, element by element. @shape x, y, result: [N, D] @throws {@link ShapeError} when shapes differ. */
export function add(x: Tensor, y: Tensor): Tensor {
  return addScaled(x, 1, y);
}

/** `x + scale * y`. @shape x, y, result: [N, D] @throws {@link ShapeError} when shapes differ. */
export function addScaled(x: Tensor, scale: number, y: Tensor): Tensor {
  const [a, b, result] = operands(x, y);
  for (let i = 0; i < result.data.length; i++) result.data[i] = a.data[a.start + i]! + scale * b.data[b.start + i]!;
  return result;
}

/** `x * y`, element by element. @shape x, y, result: [N, D] @throws {@link ShapeError} when shapes differ. */
export function multiply(x: Tensor, y: Tensor): Tensor {
  const [a, b, result] = operands(x, y);
  for (let i = 0; i < result.data.length; i++) result.data[i] = a.data[a.start + i]! * b.data[b.start + i]!;
  return result;
}

/** The first number that is NaN or infinite, in row order; null when all are finite. @shape x: [N, D] */
export function firstNonFinite(x: Tensor): { row: number; value: number } | null {
  const { data, start, rows, width } = rowsOf('activation', x);
  for (let i = 0; i < rows * width; i++) {
    const value = data[start + i]!;
    if (value - value !== 0) return { row: Math.floor(i / width), value }; // inf - inf is NaN too
  }
  return null;
}

function operands(x: Tensor, y: Tensor): [ReturnType<typeof rowsOf>, ReturnType<typeof rowsOf>, Tensor] {
  expectShape('second operand', y, x.shape);
  return [rowsOf('first operand', x), rowsOf('second operand', y), zeros('result', x.shape)];
}
