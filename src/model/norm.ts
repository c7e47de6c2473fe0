/**
 * The two kinds of norm. An RMS norm multiplies by its gain, or by 1 plus the gain. A layer norm may have a gain and a
 * bias.
 * @packageDocumentation
 */
import type { NormOptions, Ops } from '../ops/ops.ts';

/**
 * `gain * x / sqrt(mean(x^2) + epsilon)`; the options may add 1 to the gain, or normalise equal parts of a row, such as
 * its heads, one by one.
 */
export interface RmsNorm<W> {
  readonly kind: 'rms';
  /** Module path, such as `model.norm`. */
  readonly path: string;
  readonly epsilon: number;
  readonly options: NormOptions;
  /** @shape [D], or [D / parts] */
  readonly gain: W;
}

/** `gain * (x - mean(x)) / sqrt(variance(x) + epsilon) + bias`. */
export interface LayerNorm<W> {
  readonly kind: 'layer';
  /** Module path, such as `transformer.ln_f`. */
  readonly path: string;
  readonly epsilon: number;
  readonly options: NormOptions;
  /**
   * Null: a gain of 1.
   * @shape [D], or [D / parts]
   */
  readonly gain: W | null;
  /**
   * Null: a bias of 0.
   * @shape [D], or [D / parts]
   */
  readonly bias: W | null;
}

/** A norm of either kind. */
export type Norm<W> = RmsNorm<W> | LayerNorm<W>;

/** The norm of some rows; the rows themselves where there is no norm. @shape x: [N, D]; result: [N, D] */
export function normalise<T, W>(ops: Ops<T, W>, norm: Norm<W> | null, x: T): T {
  if (norm === null) return x;
  const { gain, epsilon, options } = norm;
  if (norm.kind === 'rms') return ops.rmsNorm(x, norm.gain, epsilon, options);
  return ops.layerNorm(x, gain, norm.bias, epsilon, options);
}

/** The same norm over other weights. */
export function mapNorm<V, W>(norm: Norm<V>, to: (weight: V) => W): Norm<W>;
export function mapNorm<V, W>(norm: Norm<V> | null, to: (weight: V) => W): Norm<W> | null;
export function mapNorm<V, W>(norm: Norm<V> | null, to: (weight: V) => W): Norm<W> | null {
  if (norm === null) return null;
  if (norm.kind === 'rms') return { ...norm, gain: to(norm.gain) };
  const { gain, bias } = norm;
  return { ...norm, gain: gain === null ? null : to(gain), bias: bias === null ? null : to(bias) };
}
