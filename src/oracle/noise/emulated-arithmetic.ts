import { type EngineDtype, type Round, roundTo } from './formats.ts';
import { SUMMATION_ORDERS, type Summation, summation } from './summation.ts';

/** One legal way to compute in a number format. */
export interface EmulatedArithmetic extends Summation {
  readonly name: string;
  /** What weights, activations, keys and values are rounded to. */
  readonly store: Round;
  /** What steps inside an operation are rounded to: those of a norm, of a softmax, of an activation function. */
  readonly inner: Round;
  /**
   * Factor on rotary frequencies: one of the two roundings that an angle has in float32 is that of the frequency, and
   * the other, that of its product with the position, has the same size.
   */
  readonly frequency: Round;
}

/**
 * The ways to compute in a format that are emulated: five orders of summation. Sums of the 16-bit formats are kept in
 * float32, as every engine does. The steps inside an operation are rounded to float32 in some of the ways, and to the
 * format itself in the others: transformers computes norms and softmax in float32, and rotary embeddings and
 * activation functions in the format.
 */
export function emulatedArithmetics(dtype: EngineDtype): EmulatedArithmetic[] {
  const store = roundTo(dtype);
  const wide = dtype === 'float64' ? store : roundTo('float32');
  const unit = dtype === 'float64' ? 2 ** -53 : 2 ** -24;
  return SUMMATION_ORDERS.map((order, i) => ({
    name: order.name,
    store,
    inner: i % 2 === 0 ? wide : store,
    frequency: (f) => wide(wide(f) * (1 + (((i + 1) % 3) - 1) * unit * 2)),
    ...summation(order, wide),
  }));
}
