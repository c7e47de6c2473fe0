/**
 * Activations and soft caps against PyTorch 2.13 float64: `gelu`, `gelu(approximate="tanh")`, transformers'
 * `gelu_fast`, `tanh`, `erf` of these six numbers.
 */
import { describe, expect, it } from 'vitest';
import { erf, tanh } from '../../../src/numerics/elementary.ts';
import { type Tensor, tensor } from '../../../src/numerics/tensor.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';

const inputs = [-3, -0.7, -1e-9, 0.3, 1.25, 4];
const GELU = [
  -0.00404969409489031, -0.1693745565561511, -4.999999996010577e-10, 0.1853734266566858, 1.117937782916431,
  3.9998733150326675,
];
const GELU_TANH = [
  -0.0036373920817729943, -0.16942986529488321, -4.999999996010577e-10, 0.18537092354275922, 1.1177142029697147,
  3.9999297540518075,
];
const GELU_FAST = [
  -0.003637392081860591, -0.1694298652954097, -4.999999996010577e-10, 0.18537092354263698, 1.117714202968808,
  3.999929754051805,
];
const TANH = [
  -0.9950547536867305, -0.6043677771171635, -1e-9, 0.2913126124515909, 0.8482836399575129, 0.999329299739067,
];
const ERF = [
  -0.9999779095030014, -0.6778011938374184, -1.1283791670955127e-9, 0.3286267594591274, 0.9229001282564583,
  0.9999999845827421,
];

const row = (...values: number[]): Tensor => tensor('x', Float64Array.from(values), [1, values.length]);

/**
 * The last factor of gelu is a difference of numbers near 1, which keeps absolute, not relative, accuracy: 3 ulp of 1
 * times x.
 */
function expectNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    const bound = 3 * Number.EPSILON * Math.max(Math.abs(value), Math.abs(inputs[i]!));
    expect(Math.abs(actual[i]! - value), `${inputs[i]}`).toBeLessThanOrEqual(bound);
  });
}

describe('activations', () => {
  it('tanh and erf are those of PyTorch', () => {
    expectNear(inputs.map(tanh), TANH);
    expectNear(inputs.map(erf), ERF);
  });

  it('gelu and its form by tanh are those of PyTorch', () => {
    expectNear(float64Ops.gelu(row(...inputs)).data, GELU);
    expectNear(float64Ops.geluTanh(row(...inputs)).data, GELU_TANH);
  });

  it('gelu_fast has its own constants, those of transformers', () => {
    expectNear(float64Ops.geluFast(row(...inputs)).data, GELU_FAST);
    expect([...float64Ops.geluFast(row(1e200, -1e200)).data]).toEqual([1e200, -0]);
  });

  it('relu keeps what is positive', () => {
    expect([...float64Ops.relu(row(-2, 0, 3)).data]).toEqual([0, 0, 3]);
  });

  it('a soft cap is the cap times the hyperbolic tangent', () => {
    expectNear(
      float64Ops.softCap(row(...inputs.map((x) => 30 * x)), 30).data.map((y) => y / 30),
      TANH,
    );
    expect([...float64Ops.softCap(row(1e300, -1e300), 30).data]).toEqual([30, -30]);
  });

  it('scale multiplies', () => {
    expect([...float64Ops.scale(row(1, -3), 0.5).data]).toEqual([0.5, -1.5]);
  });
});
