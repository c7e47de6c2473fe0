/**
 * Sums of numbers that are given by their logarithms.
 * @packageDocumentation
 */
import { exp, ln } from '../../numerics/elementary.ts';

/**
 * `ln sum_i e^(x_i)`, without overflow. Negative infinity stands for zero.
 * @example
 * import assert from 'node:assert/strict';
 * import { logSum } from 'turbo-lora/law';
 * assert.equal(logSum([1000, 1000]), 1000 + Math.log(2));
 * assert.equal(logSum([]), Number.NEGATIVE_INFINITY);
 */
export function logSum(logarithms: readonly number[]): number {
  const largest = logarithms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(largest)) return largest;
  return largest + ln(logarithms.reduce((total, x) => total + exp(x - largest), 0));
}
