/**
 * What every implementation of attention checks before it computes, and the slots that a row visits.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import { expectShape } from '../numerics/tensor.ts';
import type { Shaped } from './backend.ts';
import type { AttentionShape, RowStore, Visible } from './ops.ts';

/** What one call of attention is given. */
interface AttentionInput<T> {
  readonly query: T;
  readonly keys: RowStore<T>;
  readonly values: RowStore<T>;
  readonly visible: readonly Visible[];
}

/** The class of row stores of a backend, and how error messages describe its instances. */
interface StoreClass<S> {
  readonly type: abstract new (...args: never) => S;
  readonly name: string;
}

/**
 * Asserts that the arguments of attention fit each other, and returns the stores as those of a backend.
 * @throws {@link ShapeError} when the query's shape or the stores do not fit, heads are not a multiple of key-value
 * heads, or slopes or sinks are not one per head.
 */
export function checkAttention<T extends Shaped, S extends RowStore<T> & { readonly width: number }>(
  { query, keys, values, visible }: AttentionInput<T>,
  shape: AttentionShape<Shaped>,
  storeClass: StoreClass<S>,
): { keys: S; values: S } {
  checkHeads(shape);
  const { heads, keyValueHeads, headSize } = shape;
  expectShape('query', query, [visible.length, heads * headSize]);
  const stores = {
    keys: storeIn('keys', keys, storeClass, keyValueHeads * headSize),
    values: storeIn('values', values, storeClass, keyValueHeads * headSize),
  };
  if (values.length !== keys.length) throw new ShapeError('values', `${keys.length} rows, as keys`, `${values.length}`);
  return stores;
}

function checkHeads({ heads, keyValueHeads, headSize, slopes, sinks }: AttentionShape<Shaped>): void {
  const fits = [heads, keyValueHeads, headSize].every((count) => Number.isInteger(count) && count > 0);
  if (!fits || heads % keyValueHeads !== 0) {
    const expected = 'positive integers, heads a multiple of key-value heads';
    throw new ShapeError('attention heads', expected, `${heads} over ${keyValueHeads} of size ${headSize}`);
  }
  if (slopes != null && slopes.length !== heads) throw new ShapeError('slopes', `${heads} numbers`, `${slopes.length}`);
  if (sinks != null) expectShape('sinks', sinks, [heads]);
}

function storeIn<T, S extends RowStore<T> & { readonly width: number }>(
  label: string,
  store: RowStore<T>,
  { type, name }: StoreClass<S>,
  width: number,
): S {
  if (!(store instanceof type)) throw new ShapeError(label, name, typeof store);
  if (store.width !== width) throw new ShapeError(label, `rows of ${width}`, `${store.width}`);
  return store;
}

/**
 * The slots that a row sees, in path order.
 * @throws {@link ShapeError} when there are none, or one is not in [0, stored).
 */
export function slotsOf({ from, to, branch }: Visible, stored: number): Int32Array {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > stored) {
    throw new ShapeError('visible slots', `a range in [0, ${stored}]`, `[${from}, ${to})`);
  }
  for (const slot of branch) {
    if (!Number.isInteger(slot) || slot < 0 || slot >= stored) {
      throw new ShapeError('visible slot', `an integer in [0, ${stored})`, `${slot}`);
    }
  }
  const slots = new Int32Array(to - from + branch.length);
  if (slots.length === 0) throw new ShapeError('visible slots', 'at least one', 'none');
  for (let slot = from; slot < to; slot++) slots[slot - from] = slot;
  slots.set(branch, to - from);
  return slots;
}
