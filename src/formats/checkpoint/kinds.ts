/**
 * What checkpoint reading does with tensors of either kind: whole, or their headers alone.
 * @packageDocumentation
 */
import { type Stored, stored } from '../../numerics/stored.ts';
import { matrixShape } from '../../numerics/tensor.ts';
import type { TensorEntry } from '../safetensors/header.ts';
import { sameValues } from './same-values.ts';
import type { TensorKind } from './transformer.ts';

/** Tensors with all their numbers. */
export const WHOLE: TensorKind<Stored> = { same: sameValues, transposed };

/** Headers alone: values are taken to be right. */
export const HEADERS: TensorKind<TensorEntry> = {
  same: () => true,
  transposed: (entry) => ({ ...entry, shape: entry.shape.toReversed() }),
};

/** The matrix with its axes exchanged, in the same width. @shape weight: [rows, columns]; result: [columns, rows] */
export function transposed(weight: Stored): Stored {
  const [rows, columns] = matrixShape('transposed', weight);
  const data = weight.data.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) data[column * rows + row] = weight.data[row * columns + column]!;
  }
  return stored('transposed', weight.format, data, [columns, rows]);
}
