/**
 * A fast search for NaN and infinity. One such weight spreads over every logit, so it is named when it is loaded.
 * @packageDocumentation
 */
import { NonFiniteError } from '../../errors.ts';
import type { Stored } from '../../numerics/stored.ts';

/** A number is not finite exactly when all bits of its exponent are set. */
const EXPONENT_BITS = { F32: 0x7f800000, F16: 0x7c00, BF16: 0x7f80 } as const;

/** Index of the first NaN or infinity, or -1. */
export function firstNonFinite({ format, data }: Stored): number {
  if (format === 'F64') {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return i;
    return -1;
  }
  const exponent = EXPONENT_BITS[format];
  // Comparing bits as integers makes this fast: no conversion to a number per element.
  const bits =
    data instanceof Float32Array ? new Uint32Array(data.buffer, data.byteOffset, data.length) : (data as Uint16Array);
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & exponent) === exponent) return i;
  return -1;
}

/**
 * Asserts that every weight is a finite number.
 * @throws {@link NonFiniteError} with the tensor's label and the index of the first weight that is not finite.
 */
export function expectFinite(label: string, weights: Stored): void {
  const index = firstNonFinite(weights);
  if (index < 0) return;
  const axes: number[] = [];
  let rest = index;
  for (const extent of [...weights.shape].reverse()) {
    axes.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  throw new NonFiniteError(label, 'finite weights', `NaN or infinity at [${axes.join(', ')}]`);
}
