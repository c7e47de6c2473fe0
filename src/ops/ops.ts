/**
 * The tensor operations that a decoder needs. The model is written once against this interface; float64 on the CPU is
 * one implementation.
 *
 * `T` is an activation, always a matrix [rows, width]; `W` is a weight. Every operation is pure; only a
 * {@link RowStore} changes.
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

/** Head counts and sizes of one attention call, and what some families do to the scores. */
export interface AttentionShape<W = unknown> {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Factor on the products of queries and keys. Default: `1 / sqrt(headSize)`. */
  readonly scale?: number;
  /** Scores are capped smoothly: `c tanh(score / c)`. Default: not at all. */
  readonly softCap?: number | null;
  /**
   * ALiBi: `slope d` is subtracted from the score of a key that is d tokens back. Default: nothing.
   * @shape [heads]
   */
  readonly slopes?: Float64Array | null;
  /** A score per head that takes part in the softmax and has no value. Default: none. @shape [heads] */
  readonly sinks?: W | null;
}

/**
 * Cosines and sines of the rotary angles of some rows, each [rows, dimensions / 2]. The first dimensions of a head are
 * turned, the others stay. Frequency i turns dimensions i and i + dimensions / 2, or 2 i and 2 i + 1 when the pairs are
 * interleaved.
 */
export interface Rotation {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  /** Dimensions of a head that are turned. Default: all. */
  readonly dimensions?: number;
  /** Default: false. */
  readonly interleaved?: boolean;
}

/** Columns of a matrix: `count` groups of `size` columns, which begin at `from`, `from + stride` and so on. */
export interface Columns {
  readonly from: number;
  readonly size: number;
  readonly stride: number;
  readonly count: number;
}

/** What a norm does besides normalising. */
export interface NormOptions {
  /** Added to the gain. Default: 0. */
  readonly offset?: number;
  /**
   * Number of equal parts of a row, such as its heads, that are normalised one by one. A gain has the width of a part
   * and is used for all of them, or it has the width of a row. Default: 1.
   */
  readonly parts?: number;
}

/** Rows of a batch that one expert works on, in ascending order, and the weight of its result for each. */
export interface ExpertShare {
  readonly rows: readonly number[];
  readonly weights: Float64Array;
}

/** What an expert made of its rows. */
export interface ExpertResult<T> extends ExpertShare {
  readonly x: T;
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
  rmsNorm(x: T, gain: W, epsilon: number, options?: NormOptions): T;
  /**
   * `y = gain * (x - mean(x)) / sqrt(variance(x) + epsilon) + bias`.
   * @shape x: [N, D]; gain, bias: [D]; result: [N, D]
   */
  layerNorm(x: T, gain: W | null, bias: W | null, epsilon: number, options?: NormOptions): T;
  /** Rotary position embedding of `heads` heads side by side. @shape x: [N, heads * headSize]; result: the same */
  rotate(x: T, heads: number, rotation: Rotation): T;
  /** Scaled dot-product attention over stored keys. @shape query: [N, heads * headSize]; result: the same */
  attention(query: T, keys: RowStore<T>, values: RowStore<T>, visible: readonly Visible[], shape: AttentionShape<W>): T;
  /** `x * sigmoid(x)`. */
  silu(x: T): T;
  /** `x * (1 + erf(x / sqrt(2))) / 2`. */
  gelu(x: T): T;
  /** `x * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`. */
  geluTanh(x: T): T;
  /** `x * (1 + tanh(0.7978845608 x (1 + 0.044715 x^2))) / 2`. */
  geluFast(x: T): T;
  /** `max(0, x)`. */
  relu(x: T): T;
  /** `cap * tanh(x / cap)`. */
  softCap(x: T, cap: number): T;
  /** `scale * x`. */
  scale(x: T, scale: number): T;
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
  /** A selection of columns. @shape x: [N, D]; result: [N, count * size] */
  pickColumns(x: T, columns: Columns): T;
  /**
   * The experts of each row: the `count` with the largest logits, and of equal logits the lower index. Their weights
   * are the softmax over all experts. If `normalised`, these are divided by their sum over the chosen experts.
   *
   * Which experts were chosen decides which operations come next, so the choice is made on the host, at once. A device
   * must read the logits back for it: this costs one wait per layer with experts, in the middle of the pass.
   * @shape logits: [N, experts]; result: one share per expert
   */
  chooseExperts(logits: T, count: number, normalised: boolean): readonly ExpertShare[];
  /**
   * Row r of the result is the sum, expert by expert, of `weight * x` of row r.
   * @shape x: [rows of the share, width]; result: [N, width]
   */
  mixRows(rows: number, width: number, results: readonly ExpertResult<T>[]): T;
  /** The first number that is NaN or infinite, in row order; null when all are finite. */
  firstNonFinite(x: T): { readonly row: number; readonly value: number } | null;
  /** An empty store of rows of this width. */
  newStore(width: number): RowStore<T>;
}
