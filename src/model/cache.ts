/**
 * Keys and values of the tokens seen so far.
 * @packageDocumentation
 */
import { ShapeError } from '../errors.ts';
import type { Ops, RowStore } from '../ops/ops.ts';
import type { Transformer } from './weights.ts';

/**
 * The key-value cache of one text. Slot n holds the token at position n. While a draft is being verified, the slots
 * after the committed ones hold the rows of its tree; {@link KeyValueCache.keep} moves the rows of the accepted branch
 * down to the slots of their positions and drops the others. The cache is then the same as if there had been no draft.
 */
export class KeyValueCache<T> {
  readonly keys: readonly RowStore<T>[];
  readonly values: readonly RowStore<T>[];

  constructor(ops: Pick<Ops<T, never>, 'newStore'>, { blocks }: Pick<Transformer<unknown>, 'blocks'>) {
    const stores = (): RowStore<T>[] =>
      blocks.map(({ attention: { shape } }) => ops.newStore(shape.keyValueHeads * shape.headSize));
    this.keys = stores();
    this.values = stores();
  }

  /** Number of rows stored, in tokens. */
  get length(): number {
    return this.keys[0]?.length ?? 0;
  }

  /**
   * Keeps the first `length` slots. The rows in the listed slots, which are later ones in ascending order, are moved to
   * follow them. All others are dropped.
   * @throws {@link ShapeError} when a slot is not stored or out of order.
   */
  keep(length: number, slots: readonly number[] = []): void {
    if (!Number.isInteger(length) || length < 0 || length > this.length) {
      throw new ShapeError('kept cache length', `an integer in [0, ${this.length}]`, `${length}`);
    }
    for (const store of [...this.keys, ...this.values]) store.keep(length, slots);
  }
}
