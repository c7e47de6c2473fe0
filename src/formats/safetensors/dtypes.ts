/**
 * Element types of safetensors files.
 * @packageDocumentation
 */
import type { FloatFormat } from '../../numerics/stored.ts';

/**
 * Bytes per element of the types that a header may name. Newer types (F8_E4M3, F8_E5M2, F8_E8M0, F6_*, F4, C64) are
 * refused by name.
 * @source huggingface/safetensors `safetensors/src/tensor.rs`
 */
export const BYTES_OF_DTYPE = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** An element type that can be parsed. Only the floating-point ones can hold weights. */
export type Dtype = keyof typeof BYTES_OF_DTYPE;

/** Whether a name is a known element type. */
export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(BYTES_OF_DTYPE, name);
}

/** Whether an element type can hold weights. */
export function isFloatFormat(dtype: Dtype): dtype is FloatFormat {
  return dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}
