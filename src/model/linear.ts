/**
 * A linear layer of a model.
 * @packageDocumentation
 */

/** A linear layer and the name that its checkpoint gives it, by which adapters find it. */
export interface Linear<W> {
  /** Module path, such as `model.layers.0.self_attn.q_proj`. */
  readonly path: string;
  /** @shape [out, in] */
  readonly weight: W;
  /** @shape [out] */
  readonly bias: W | null;
  /** Its checkpoint holds the weight as [in, out]. Default: false. */
  readonly transposed?: boolean;
}

/** The same linear layer over other weights. */
export function mapLinear<V, W>(linear: Linear<V>, to: (weight: V) => W): Linear<W> {
  const { weight, bias } = linear;
  return { ...linear, weight: to(weight), bias: bias === null ? null : to(bias) };
}
