import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../src/errors.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { zeros } from '../../../src/numerics/tensor.ts';
import { atOnce } from '../../../src/ops/backend.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';

describe('what need not be awaited', () => {
  it('is handed on', () => {
    expect(atOnce(7)).toBe(7);
  });

  it('is not a promise, be it kept or broken', () => {
    expect(() => atOnce(Promise.resolve(7))).toThrow(ConflictError);
    expect(() => atOnce(Promise.reject(new Error('lost device')))).toThrow(ConflictError);
  });
});

describe('float64 on the CPU', () => {
  it('uses weights and activations where they are', () => {
    const weight = stored('w', 'BF16', new Uint16Array(4), [2, 2]);
    expect(float64Backend.upload(weight)).toBe(weight);
    const x = zeros('x', [1, 2]);
    const [kept] = float64Backend.scope(() => [x]);
    expect(kept).toBe(x);
    expect(float64Backend.readBack(x)).toBe(x);
  });
});
