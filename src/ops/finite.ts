import { NonFiniteError } from '../errors.ts';
import { rowsOf, type Tensor } from '../numerics/tensor.ts';
import type { Ops } from './ops.ts';

/**
 * Asserts that an activation holds finite numbers only. All that leaves a model (states, logits) is checked: weights
 * are finite, but their products may overflow, and a NaN spreads silently.
 * @shape x: [N, D]
 * @throws {@link NonFiniteError} naming the activation and the first row that holds NaN or an infinity.
 */
export function expectFinite<T>(ops: Pick<Ops<T, never>, 'firstNonFinite'>, label: string, x: T): void {
  const found = ops.firstNonFinite(x);
  if (found !== null) throw new NonFiniteError(`${label}, row ${found.row}`, 'finite numbers', `${found.value}`);
}

/**
 * Asserts that what was read back holds finite numbers only. This finds what {@link expectFinite} could not see on a
 * device.
 * @shape x: [N, D]
 * @throws {@link NonFiniteError} naming the numbers and the first row that holds NaN or an infinity.
 */
export function expectFiniteRows(label: string, x: Tensor): void {
  const { data, start, rows, width } = rowsOf(label, x);
  for (let i = start; i < start + rows * width; i++) {
    const value = data[i]!;
    if (Number.isFinite(value)) continue;
    throw new NonFiniteError(`${label}, row ${Math.floor((i - start) / width)}`, 'finite numbers', `${value}`);
  }
}
