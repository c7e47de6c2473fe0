import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { type FloatFormat, type Stored, stored } from '../../../src/numerics/stored.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { linear, linearNaive } from '../../../src/ops/float64/linear.ts';
import { numbersFrom } from '../../support/random-model.ts';

function weightOf(format: FloatFormat, seed: number, shape: [number, number]): Stored {
  const size = shape[0] * shape[1];
  const numbers = numbersFrom(seed)(size, 2);
  if (format === 'F64') return stored('w', format, numbers, shape);
  if (format === 'F32') return stored('w', format, Float32Array.from(numbers), shape);
  // Any bits but those of infinities and NaN.
  const bits = Uint16Array.from(numbers, (x) => Math.floor((x + 2) * 16000) & (format === 'F16' ? 0xbbff : 0xbf7f));
  return stored('w', format, bits, shape);
}

describe('linear', () => {
  it('gives the bits of the naive loop for every shape and stored width', () => {
    const formats = fc.constantFrom<FloatFormat>('F64', 'F32', 'F16', 'BF16');
    const extents = fc.record({ rows: fc.integer({ min: 0, max: 10 }), inputs: fc.nat(20), outputs: fc.nat(20) });
    fc.assert(
      fc.property(formats, extents, fc.nat(), fc.boolean(), (format, { rows, inputs, outputs }, seed, biased) => {
        const weight = weightOf(format, seed, [outputs, inputs]);
        const x = tensor('x', numbersFrom(seed + 1)(rows * inputs, 1), [rows, inputs]);
        const bias = biased ? stored('b', 'F64', numbersFrom(seed + 2)(outputs, 1), [outputs]) : null;
        expect(linear(x, weight, bias).data).toStrictEqual(linearNaive(x, weight, bias).data);
      }),
      { numRuns: 300 },
    );
  });

  it('sums from left to right: a sum that depends on the order', () => {
    // 1e16 + 1 is 1e16, so the left-to-right sum loses the first 1 and keeps the second.
    const x = tensor('x', Float64Array.of(1, 1, 1, 1), [1, 4]);
    const weight = stored('w', 'F64', Float64Array.of(1e16, 1, -1e16, 1), [1, 4]);
    expect([...linear(x, weight, null).data]).toEqual([1]);
  });

  it('refuses shapes that do not fit', () => {
    const x = tensor('x', new Float64Array(6), [2, 3]);
    const weight = weightOf('F64', 1, [4, 2]);
    expect(() => linear(x, weight, null)).toThrow(ShapeError);
    const bias = stored('b', 'F64', new Float64Array(3), [3]);
    expect(() => linear(tensor('x', new Float64Array(4), [2, 2]), weight, bias)).toThrow(
      'linear bias: expected shape [4], got [3]',
    );
  });
});
