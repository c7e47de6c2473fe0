/**
 * The tensor operations that a decoder needs. The model is written once against this interface; float64 on the CPU is
 * one implementation.
 *
 * `T` is an activation, always a matrix [rows, width]; `W` is a weight. Every operation is pure but {@link RowStore}.
 * @packageDocumentation
 */

/** Which keys one query row may attend to, in the order in which attention sums over them. */
export interface Visible {
  /** First slot of the contiguous part. */
  readonly from: number;
  /** One past the last slot of the contiguous part. */
  readonly to: number;
  /** Slots after it: the row's own branch of a draft tree, from the root down, itself last. */
  readonly branch: readonly number[];
}

/** Head counts and sizes of one attention call. */
export interface AttentionShape {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
}

/** Cosines and sines of the rotary angles of some rows, each [rows, headSize / 2]. */
export interface Rotation {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** A growing matrix: the keys or the values of one layer. */
export interface RowStore<T> {
  readonly length: number;
  /** Adds rows at the end. */
  append(rows: T): void;
  /** Shortens the store to its first `length` rows, followed by `rows`, moved down. */
  keep(length: number, rows: readonly number[]): void;
}

/** Tensor operations over activations `T` and weights `W`. */
export interface Ops<T, W = T> {
  /** Rows of an embedding table. @shape table: [V, D]; result: [tokens, D] */
  embed(table: W, tokens: readonly number[]): T;
  /** `y = W x + b` for each row. @shape x: [N, in]; weight: [out, in]; bias: [out]; result: [N, out] */
  linear(x: T, weight: W, bias: W | null): T;
  /** `y = gain * x / sqrt(mean(x^2) + epsilon)`. @shape x: [N, D]; gain: [D]; result: [N, D] */
  rmsNorm(x: T, gain: W, epsilon: number): T;
  /** Rotary position embedding of `heads` heads side by side. @shape x: [N, heads * headSize]; result: the same */
  rotate(x: T, heads: number, rotation: Rotation): T;
  /** Scaled dot-product attention over stored keys. @shape query: [N, heads * headSize]; result: the same */
  attention(query: T, keys: RowStore<T>, values: RowStore<T>, visible: readonly Visible[], shape: AttentionShape): T;
  /** `x * sigmoid(x)`. */
  silu(x: T): T;
  /** `x + y`, element by element. */
  add(x: T, y: T): T;
  /** `x * y`, element by element. */
  multiply(x: T, y: T): T;
  /** `x + scale * y`. */
  addScaled(x: T, scale: number, y: T): T;
  /** A selection of rows, in the order given. */
  pickRows(x: T, rows: readonly number[]): T;
  /** Matrices on top of each other. */
  stackRows(parts: readonly T[]): T;
  /** The first number that is NaN or infinite, in row order; null when all are finite. */
  firstNonFinite(x: T): { readonly row: number; readonly value: number } | null;
  /** An empty store of rows of this width. */
  newStore(width: number): RowStore<T>;
}
