import { expect, it } from 'vitest';
import { sameValues } from '../../../../src/formats/checkpoint/same-values.ts';
import { type Stored, stored } from '../../../../src/numerics/stored.ts';

const ones = (length: number): Stored => stored('x', 'F32', new Float32Array(length).fill(1), [length]);

it('compares numbers, whatever their width', () => {
  expect(sameValues(ones(3), stored('x', 'BF16', new Uint16Array(3).fill(0x3f80), [3]))).toBe(true);
  expect(sameValues(ones(0), ones(0))).toBe(true);
});

it.each([0, 1, 4095, 4096, 9999])('finds a difference at %d', (index) => {
  const other = ones(10_000);
  other.data[index] = 1 + 2 ** -20;
  expect(sameValues(ones(10_000), other)).toBe(false);
});
