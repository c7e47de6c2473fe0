/**
 * Activation functions under the names that `config.json` gives them.
 * @packageDocumentation
 */
import { UnsupportedError } from '../../errors.ts';
import type { Activation } from '../../model/feed-forward.ts';
import type { Fields } from '../fields.ts';

/** Several names of transformers stand for one function. */
const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map([
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['gelu', 'gelu'],
  ['gelu_python', 'gelu'],
  ['gelu_new', 'geluTanh'],
  ['gelu_pytorch_tanh', 'geluTanh'],
  ['gelu_python_tanh', 'geluTanh'],
  ['gelu_fast', 'geluFast'],
  ['relu', 'relu'],
]);

/**
 * The activation function that a key names.
 * @throws {@link UnsupportedError} for a name that is not implemented; {@link FormatError} when it is not a string.
 * @source transformers `activations.py` (`ACT2CLS`)
 */
export function readActivation(fields: Fields, key: string, fallback: string): Activation {
  const name = fields.string(key, fallback);
  const activation = ACTIVATIONS.get(name);
  if (activation !== undefined) return activation;
  throw new UnsupportedError(fields.labelOf(key), [...ACTIVATIONS.keys()].join(', '), JSON.stringify(name));
}
