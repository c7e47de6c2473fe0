import { describe, expect, it } from 'vitest';
import { isRoundedCopy } from '../../../../src/formats/peft/rounded-copy.ts';
import { type FloatFormat, type Stored, stored } from '../../../../src/numerics/stored.ts';

const f64 = (...values: number[]): Stored => stored('exact', 'F64', Float64Array.from(values), [values.length]);
const bits = (format: FloatFormat, ...values: number[]): Stored =>
  stored('copy', format, Uint16Array.from(values), [values.length]);

// External: bits by torch 2.13, torch.tensor(..., dtype=torch.float64).to(...).view(torch.int16), hexadecimal.
const EXACT = [0.1, -0.3, 1.00390625, 1.01171875, 3e-6, 1e-7, 65519, 0];
const F16 = [0x2e66, 0xb4cd, 0x3c04, 0x3c0c, 0x0032, 0x0002, 0x7bff, 0];
const BF16 = [0x3dcd, 0xbe9a, 0x3f80, 0x3f82, 0x3649, 0x33d7, 0x4780, 0];

describe('isRoundedCopy', () => {
  it('of each narrower format, ties to even and subnormal numbers too', () => {
    expect(isRoundedCopy(bits('F16', ...F16), f64(...EXACT))).toBe(true);
    expect(isRoundedCopy(bits('BF16', ...BF16), f64(...EXACT))).toBe(true);
    expect(isRoundedCopy(stored('copy', 'F32', Float32Array.from(EXACT), [8]), f64(...EXACT))).toBe(true);
  });

  it('may be stored wider than it was rounded', () => {
    const wide = f64(0.0999755859375, -0.300048828125); // the F16 values of 0.1 and -0.3
    expect(isRoundedCopy(wide, f64(0.1, -0.3))).toBe(true);
  });

  it('not where one number is another neighbour, or formats are mixed', () => {
    for (let i = 0; i < F16.length; i++) {
      const off = F16.map((value, at) => (at === i ? value + 1 : value));
      expect(isRoundedCopy(bits('F16', ...off), f64(...EXACT)), `number ${i}`).toBe(false);
    }
    expect(isRoundedCopy(f64(0.0999755859375, Math.fround(-0.3)), f64(0.1, -0.3))).toBe(false);
  });

  it('not where a number overflows', () => {
    expect(isRoundedCopy(bits('F16', 0x7bff), f64(70000))).toBe(false);
  });
});
