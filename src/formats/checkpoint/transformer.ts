/**
 * The tensors of a checkpoint to a transformer.
 * @packageDocumentation
 */
import { ConflictError, FormatError, UnsupportedError } from '../../errors.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { Block, Linear, Transformer } from '../../model/weights.ts';
import type { TensorRules, Tensors } from '../tensors.ts';
import { blockLinearShapes, blockPaths, EMBEDDING_PATH, HEAD_PATH, isHarmless, NORM_PATH } from './names.ts';

/** Tensors are asked for by their full names; those of a bare decoder lack `model.`. */
export const CHECKPOINT_RULES: TensorRules = {
  missing: { error: FormatError, because: '' },
  misfit: { error: FormatError, because: '' },
  nameIn: (name, { tensors }) => {
    const bare = name.replace(/^model\./, '');
    return !tensors.has(name) && tensors.has(bare) ? bare : name;
  },
};

/** Whether two tensors of one shape hold the same numbers. */
type Comparison<W> = (a: W, b: W) => boolean;

/**
 * Every tensor that the model needs, and none more.
 * @throws {@link FormatError} for a missing tensor or a wrong shape; {@link UnsupportedError} for integers and for
 * tensors that the model does not use; {@link ConflictError} for tied tables that differ; and as reading a tensor does.
 */
export function readTransformer<W>(config: ModelConfig, tensors: Tensors<W>, same: Comparison<W>): Transformer<W> {
  const { embedding, head } = readTables(config, tensors, same);
  const norm = tensors.read(`${NORM_PATH}.weight`, [config.hiddenSize]);
  const blocks = Array.from({ length: config.layers }, (_, layer) => readBlock(config, tensors, layer));
  tensors.refuseUnknown(
    (label) => new UnsupportedError(label, 'only tensors that the model uses', 'an unknown tensor'),
    isHarmless,
  );
  return { config, embedding, blocks, norm, head: { path: HEAD_PATH, weight: head, bias: null } };
}

function readTables<W>(config: ModelConfig, tensors: Tensors<W>, same: Comparison<W>): { embedding: W; head: W } {
  const shape = [config.vocabularySize, config.hiddenSize];
  const [embeddingName, headName] = [`${EMBEDDING_PATH}.weight`, `${HEAD_PATH}.weight`];
  if (!config.tiedEmbeddings) {
    return { embedding: tensors.read(embeddingName, shape), head: tensors.read(headName, shape) };
  }
  if (!tensors.has(headName)) {
    const embedding = tensors.read(embeddingName, shape);
    return { embedding, head: embedding };
  }
  const head = tensors.read(headName, shape);
  if (tensors.has(embeddingName) && !same(head, tensors.read(embeddingName, shape))) {
    const expected = `the values of ${embeddingName}, because config.json ties them`;
    throw new ConflictError(tensors.labelOf(headName), expected, 'others');
  }
  return { embedding: head, head };
}

function readBlock<W>(config: ModelConfig, tensors: Tensors<W>, layer: number): Block<W> {
  const paths = blockPaths(layer);
  const shapes = blockLinearShapes(config);
  const gain = (path: string): W => tensors.read(`${path}.weight`, [config.hiddenSize]);
  const linear = (role: keyof typeof shapes): Linear<W> => {
    const { shape, bias } = shapes[role];
    const path = paths[role];
    const weight = tensors.read(`${path}.weight`, shape);
    return { path, weight, bias: bias ? tensors.read(`${path}.bias`, [shape[0]]) : null };
  };
  return {
    attentionNorm: gain(paths.attentionNorm),
    query: linear('query'),
    key: linear('key'),
    value: linear('value'),
    output: linear('output'),
    mlpNorm: gain(paths.mlpNorm),
    gate: linear('gate'),
    up: linear('up'),
    down: linear('down'),
  };
}
