import { describe, expect, it } from 'vitest';
import { OptionError, ShapeError } from '../../../src/errors.ts';
import {
  BYTES_OF,
  bfloat16Value,
  type FloatFormat,
  float16Value,
  type Stored,
  stored,
  widen,
  widened,
} from '../../../src/numerics/stored.ts';

/** Fails on any difference of bits but those inside a NaN: 0 and -0 are told apart. */
function expectSame(actual: number, expected: number, label: string): void {
  if (!Object.is(actual, expected)) expect.fail(`${label}: got ${actual}, expected ${expected}`);
}

describe('float16', () => {
  it('all 65536 values: counting up from zero, spacing 2^-24 that doubles every 1024 steps', () => {
    // IEEE 754: patterns of one sign are in the order of their values, so the spacings alone fix every value.
    let value = 0;
    let spacing = 2 ** -24;
    for (let bits = 0; bits < 0x7c00; bits++) {
      expectSame(float16Value(bits), value, `0x${bits.toString(16)}`);
      expectSame(float16Value(bits | 0x8000), -value, `-0x${bits.toString(16)}`);
      if (bits > 1024 && bits % 1024 === 0) spacing *= 2;
      value += spacing;
    }
    expect(value).toBe(65536); // one step above the largest finite value: the pattern of infinity
    expectSame(float16Value(0x7c00), Number.POSITIVE_INFINITY, 'inf');
    expectSame(float16Value(0xfc00), Number.NEGATIVE_INFINITY, '-inf');
    for (let fraction = 1; fraction < 1024; fraction++) {
      expectSame(float16Value(0x7c00 | fraction), Number.NaN, 'nan');
      expectSame(float16Value(0xfc00 | fraction), Number.NaN, '-nan');
    }
  });

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 2 ** -14 - 2 ** -24],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
    [0x8000, -0],
  ])('0x%s: well-known values', (bits, value) => {
    expectSame(float16Value(bits), value, `${bits}`);
  });
});

describe('bfloat16', () => {
  it('all 65536 values: the upper half of a float32', () => {
    const word = new Uint32Array(1);
    const float = new Float32Array(word.buffer);
    for (let bits = 0; bits < 65536; bits++) {
      word[0] = bits * 65536;
      expectSame(bfloat16Value(bits), float[0]!, `0x${bits.toString(16)}`);
    }
  });

  it.each([
    [0x3f80, 1],
    [0xc049, -3.140625],
    [0x0001, 2 ** -133], // the least subnormal: 2^-126 * 2^-7
    [0x7f7f, (2 - 2 ** -7) * 2 ** 127],
    [0xff80, Number.NEGATIVE_INFINITY],
    [0x7fc0, Number.NaN],
    [0x8000, -0],
  ])('0x%s: well-known values', (bits, value) => {
    expectSame(bfloat16Value(bits), value, `${bits}`);
  });
});

describe('widening', () => {
  const size = 13;
  const bits = Uint16Array.from({ length: size }, (_, i) => (i * 5077 + 17) & 0xffff);
  const subjects: [FloatFormat, Stored['data'], (i: number) => number][] = [
    ['F64', Float64Array.from({ length: size }, (_, i) => Math.sqrt(i)), (i) => Math.sqrt(i)],
    ['F32', Float32Array.from({ length: size }, (_, i) => Math.sqrt(i)), (i) => Math.fround(Math.sqrt(i))],
    ['F16', bits, (i) => float16Value(bits[i]!)],
    ['BF16', bits, (i) => bfloat16Value(bits[i]!)],
  ];

  it.each(subjects)('%s from any offset, any count, and nothing behind', (format, data, expected) => {
    const weights = stored('w', format, data, [size]);
    for (let from = 0; from <= size; from++) {
      for (let count = 0; count <= size - from; count++) {
        const into = new Float64Array(size + 1).fill(-7);
        widen(weights, from, count, into);
        into.forEach((value, i) => {
          expectSame(value, i < count ? expected(from + i) : -7, `${format} ${from}+${count} at ${i}`);
        });
      }
    }
    widened(weights).forEach((value, i) => {
      expectSame(value, expected(i), `${format} whole at ${i}`);
    });
  });

  it('gives a view of what is float64 already, a copy of the rest', () => {
    const data = Float64Array.of(1, 2);
    expect(widened(stored('w', 'F64', data, [2]))).toBe(data);
    expect(widened(stored('w', 'F32', Float32Array.of(1, 2), [2]))).toStrictEqual(data);
  });

  it('knows the bytes of each format', () => {
    expect(BYTES_OF).toEqual({ F64: 8, F32: 4, F16: 2, BF16: 2 });
  });
});

describe('stored', () => {
  it('takes rank 0 and empty tensors, and copies the shape', () => {
    const shape = [0, 3];
    const empty = stored('w', 'F32', new Float32Array(0), shape);
    shape[0] = 9;
    expect(empty.shape).toEqual([0, 3]);
    expect(stored('w', 'F32', Float32Array.of(5), []).shape).toEqual([]);
  });

  it.each([
    [[2, 3], 5],
    [[2, 3], 7],
    [[], 0],
  ])('refuses shape %j over %i numbers', (shape, length) => {
    expect(() => stored('w', 'F64', new Float64Array(length), shape)).toThrow(ShapeError);
  });

  const arrays = {
    F64: new Float64Array(2),
    F32: new Float32Array(2),
    F16: new Uint16Array(2),
    BF16: new Uint16Array(2),
  };
  const formats = Object.keys(arrays) as FloatFormat[];

  it.each(formats)('%s takes its own kind of array only', (format) => {
    const fitting = formats.filter((other) => {
      try {
        stored('w', format, arrays[other], [2]);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(OptionError);
        return false;
      }
    });
    expect(fitting).toEqual(format.endsWith('F16') ? ['F16', 'BF16'] : [format]);
  });

  it('refuses a format that does not exist, other things than arrays, and shapes of fractions', () => {
    expect(() => stored('w', 'I8' as FloatFormat, new Uint16Array(2), [2])).toThrow(OptionError);
    expect(() => stored('w', 'F64', [1, 2] as unknown as Float64Array, [2])).toThrow(OptionError);
    expect(() => stored('w', 'F64', null as unknown as Float64Array, [2])).toThrow(OptionError);
    expect(() => stored('w', 'F64', new Float64Array(2), [4, 0.5])).toThrow(ShapeError);
    expect(() => stored('w', 'F64', new Float64Array(2), [-1, -2])).toThrow(ShapeError);
  });
});
