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
}

/** The same linear layer over other weights. */
export function mapLinear<V, W>({ path, weight, bias }: Linear<V>, to: (weight: V) => W): Linear<W> {
  return { path, weight: to(weight), bias: bias === null ? null : to(bias) };
}
