/**
 * The tensors of a checkpoint to a transformer.
 * @packageDocumentation
 */
import { ConflictError, FormatError, UnsupportedError } from '../../errors.ts';
import { mapWeights, type Transformer } from '../../model/weights.ts';
import type { TensorRules, Tensors } from '../tensors.ts';
import type { Architecture, Declared } from './declared.ts';

/** Tensors are asked for by their full names; those of a bare decoder lack the prefix, such as `model.`. */
export function checkpointRules({ prefix }: Architecture): TensorRules {
  return {
    missing: { error: FormatError, because: '' },
    misfit: { error: FormatError, because: '' },
    nameIn: (name, { tensors }) => {
      const bare = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : name;
      return !tensors.has(name) && tensors.has(bare) ? bare : name;
    },
  };
}

/** What can be done with tensors of one kind. */
export interface TensorKind<W> {
  /** Whether two tensors of one shape hold the same numbers. */
  same(a: W, b: W): boolean;
  /** The tensor with its two axes exchanged. */
  transposed(weight: W): W;
}

/**
 * Every tensor that the model needs, and none more.
 * @throws {@link FormatError} for a missing tensor or a wrong shape; {@link UnsupportedError} for integers and for
 * tensors that the model does not use; {@link ConflictError} for tied tables that differ; and as reading a tensor does.
 */
export function readTransformer<W>(
  { transformer, harmless }: Architecture,
  tensors: Tensors<W>,
  kind: TensorKind<W>,
): Transformer<W> {
  const { table } = transformer.embedding;
  const { weight: head } = transformer.head;
  const read = (weight: Declared): W => {
    if (weight === table && weight === head) return readTied(weight, `${transformer.head.path}.weight`, tensors, kind);
    const { name, shape, transposed } = weight;
    return transposed ? kind.transposed(tensors.read(name, shape.toReversed())) : tensors.read(name, shape);
  };
  const whole = mapWeights(transformer, read);
  tensors.refuseUnknown(
    (label) => new UnsupportedError(label, 'only tensors that the model uses', 'an unknown tensor'),
    (name) => harmless.test(name),
  );
  return whole;
}

/** One table for both embeddings, which the file may hold under either name or, if they are equal, under both. */
function readTied<W>({ name, shape }: Declared, headName: string, tensors: Tensors<W>, { same }: TensorKind<W>): W {
  if (!tensors.has(headName)) return tensors.read(name, shape);
  const head = tensors.read(headName, shape);
  if (tensors.has(name) && !same(head, tensors.read(name, shape))) {
    const expected = `the values of ${name}, because config.json ties them`;
    throw new ConflictError(tensors.labelOf(headName), expected, 'others');
  }
  return head;
}
