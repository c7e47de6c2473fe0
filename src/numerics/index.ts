/**
 * What a number and a sum mean here: the canonical ascending sum in float64, arithmetic in float64 or in exact
 * fractions, checked views of arrays, weights in the width in which they are stored and their exact widening.
 * @packageDocumentation
 */
export { type Arithmetic, float64, rational, sum } from './arithmetic.ts';
export { nearestNumber } from './nearest-number.ts';
export {
  BYTES_OF,
  bfloat16Value,
  type FloatFormat,
  float16Value,
  type Stored,
  stored,
  widen,
  widened,
} from './stored.ts';
export { at, expectShape, type RawRows, rowOf, rowsOf, type Tensor, tensor, zeros } from './tensor.ts';
export { checkToken } from './token.ts';
