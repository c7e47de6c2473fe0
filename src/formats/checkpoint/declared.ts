/**
 * Weights before they are read: the name and the shape that a checkpoint must have.
 * @packageDocumentation
 */
import type { Linear } from '../../model/linear.ts';
import type { LayerNorm, RmsNorm } from '../../model/norm.ts';
import type { Transformer } from '../../model/weights.ts';
import type { NormOptions } from '../../ops/ops.ts';

/** A tensor that a checkpoint must hold. */
export interface Declared {
  readonly name: string;
  /** As the model uses it. */
  readonly shape: readonly number[];
  /** The file holds it with its two axes exchanged. */
  readonly transposed: boolean;
}

/** A model over the weights that its checkpoint must hold. */
export interface Architecture {
  readonly transformer: Transformer<Declared>;
  /**
   * First part of the names of all modules but the output embedding, which a checkpoint of the bare decoder leaves out.
   */
  readonly prefix: string;
  /** Names of tensors that old checkpoints hold besides their weights. */
  readonly harmless: RegExp;
}

/** A tensor of this name and shape. */
export function declare(name: string, shape: readonly number[], transposed = false): Declared {
  return { name, shape, transposed };
}

/** `path.weight` of [outputs, inputs] and, with a bias, `path.bias`. */
export function declareLinear(
  path: string,
  [outputs, inputs]: readonly [outputs: number, inputs: number],
  { bias = false, transposed = false } = {},
): Linear<Declared> {
  return {
    path,
    weight: declare(`${path}.weight`, [outputs, inputs], transposed),
    bias: bias ? declare(`${path}.bias`, [outputs]) : null,
    ...(transposed ? { transposed } : {}),
  };
}

/** `path.weight`, the gain of a norm of root mean square. */
export function declareRmsNorm(
  path: string,
  shape: number | readonly number[],
  epsilon: number,
  options: NormOptions = {},
): RmsNorm<Declared> {
  return { kind: 'rms', path, epsilon, options, gain: declare(`${path}.weight`, [shape].flat()) };
}

/** `path.weight` and, with a bias, `path.bias` of a norm of layers. */
export function declareLayerNorm(
  path: string,
  shape: number | readonly number[],
  epsilon: number,
  { bias = true, options = {} as NormOptions } = {},
): LayerNorm<Declared> {
  const extents = [shape].flat();
  const gain = declare(`${path}.weight`, extents);
  return { kind: 'layer', path, epsilon, options, gain, bias: bias ? declare(`${path}.bias`, extents) : null };
}
