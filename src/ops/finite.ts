import { NonFiniteError } from '../errors.ts';
import type { Ops } from './ops.ts';

/**
 * Asserts that an activation holds finite numbers only. It is asked of all that leaves a model (states, logits): weights
 * are finite, but their products may overflow, and a NaN spreads silently.
 * @shape x: [N, D]
 * @throws {@link NonFiniteError} naming the activation and the first row that holds NaN or an infinity.
 */
export function expectFinite<T>(ops: Pick<Ops<T, never>, 'firstNonFinite'>, label: string, x: T): void {
  const found = ops.firstNonFinite(x);
  if (found !== null) throw new NonFiniteError(`${label}, row ${found.row}`, 'finite numbers', `${found.value}`);
}
