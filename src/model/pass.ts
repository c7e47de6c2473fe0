/**
 * What all layers of one forward pass share.
 * @packageDocumentation
 */
import type { Lane } from '../adapters/lora.ts';
import type { Ops, Rotation, RowStore } from '../ops/ops.ts';
import type { Layout } from './layout.ts';
import { type Rotary, rotationAt } from './rope.ts';

/** The new rows of one text. */
export interface TextRows<T> {
  /** Stored keys and values of each layer. */
  readonly keys: readonly RowStore<T>[];
  readonly values: readonly RowStore<T>[];
  readonly layout: Layout;
  /** Indices of this text's rows among the rows of the pass. */
  readonly rows: readonly number[];
}

/** One forward pass over new tokens of one or more texts. */
export interface Pass<T, W> {
  readonly ops: Ops<T, W>;
  readonly texts: readonly TextRows<T>[];
  readonly lanes: readonly Lane<W>[];
  /** Number of rows. */
  readonly rows: number;
  /** D */
  readonly width: number;
  /** Cosines and sines of all rows. Layers that share a rotary embedding share them, too. */
  rotation(rotary: Rotary): Rotation;
}

/**
 * Cosines and sines for rows at these positions. Those of a rotary embedding are computed when a layer first asks for
 * them.
 */
export function rotationsAt(positions: readonly number[]): (rotary: Rotary) => Rotation {
  const known = new Map<Rotary, Rotation>();
  return (rotary) => {
    let rotation = known.get(rotary);
    if (rotation === undefined) {
      rotation = rotationAt(rotary, positions);
      known.set(rotary, rotation);
    }
    return rotation;
  };
}
