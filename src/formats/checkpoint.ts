/**
 * A Hugging Face checkpoint folder to a transformer.
 * @packageDocumentation
 */
import { join } from 'node:path';
import { ConflictError, FormatError, UnsupportedError } from '../errors.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Block, Linear, Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import { blockLinearShapes, blockPaths, EMBEDDING_PATH, HEAD_PATH, isHarmless, NORM_PATH } from './checkpoint/names.ts';
import { sameValues } from './checkpoint/same-values.ts';
import { openCheckpoint, type TensorSource } from './checkpoint/source.ts';
import { readModelConfig } from './families/index.ts';
import { readJson } from './json.ts';
import { modelName } from './model-name.ts';
import { isFloatFormat } from './safetensors/dtypes.ts';

/** What a checkpoint folder holds. */
export interface Checkpoint {
  /** The folder's own name, or the model's where the folder lies in the Hub's cache. */
  readonly name: string;
  readonly transformer: Transformer<Stored>;
  /** What is worth knowing but no error. */
  readonly warnings: readonly string[];
}

/**
 * Loads a checkpoint: `config.json` and `model.safetensors`, or shards with `model.safetensors.index.json`.
 *
 * Every tensor of the files must be used, but for the rotary frequencies of old files. Names may lack the prefix
 * `model.`, as in a checkpoint of the bare decoder. With tied embeddings, either of the two tables may be absent; when
 * both are there they must be equal, because transformers 4 would ignore `lm_head.weight` then and transformers 5 use
 * it.
 * @throws {@link MissingFileError} for a missing file; {@link FormatError} for a broken one, a missing tensor or a
 * wrong shape; {@link UnsupportedError} for what is not implemented, unknown tensors and pickle files included;
 * {@link ConflictError} for tied tables that differ; {@link NonFiniteError} for a weight that is NaN or infinite.
 * @example
 * import assert from 'node:assert/strict';
 * import { loadCheckpoint } from 'turbo-lora';
 * const { transformer } = loadCheckpoint('fixtures/embedded/base');
 * assert.equal(transformer.blocks.length, transformer.config.layers);
 */
export function loadCheckpoint(folder: string): Checkpoint {
  const path = join(folder, 'config.json');
  const config = readModelConfig(path, readJson(path));
  const source = openCheckpoint(folder);
  try {
    const weights = new WeightReader(source);
    const transformer = readTransformer(config, weights);
    weights.refuseUnused();
    return { name: modelName(folder), transformer, warnings: [] };
  } finally {
    source.close();
  }
}

/** Hands out tensors by their full names and remembers which ones were used. */
class WeightReader {
  readonly #source: TensorSource;
  readonly #used = new Set<string>();

  constructor(source: TensorSource) {
    this.#source = source;
  }

  has(name: string): boolean {
    return this.#source.tensors.has(this.#stored(name));
  }

  label(name: string): string {
    return this.#source.labelOf(this.#stored(name));
  }

  /** Reads a tensor after checking type and shape, so that nothing is allocated for a wrong one. */
  read(name: string, shape: readonly number[]): Stored {
    const storedName = this.#stored(name);
    const label = this.#source.labelOf(storedName);
    const tensor = this.#source.tensors.get(storedName);
    if (tensor === undefined) throw new FormatError(label, `a tensor of shape [${shape.join(', ')}]`, 'none');
    const { entry } = tensor;
    if (!isFloatFormat(entry.dtype)) throw new UnsupportedError(label, 'weights in F64, F32, F16 or BF16', entry.dtype);
    if (entry.shape.length !== shape.length || entry.shape.some((extent, axis) => extent !== shape[axis])) {
      throw new FormatError(label, `shape [${shape.join(', ')}]`, `[${entry.shape.join(', ')}]`);
    }
    this.#used.add(storedName);
    return this.#source.read(storedName);
  }

  refuseUnused(): void {
    for (const name of this.#source.tensors.keys()) {
      if (this.#used.has(name) || isHarmless(name)) continue;
      throw new UnsupportedError(this.#source.labelOf(name), 'only tensors that the model uses', 'an unknown tensor');
    }
  }

  /** The name in the file, which may lack `model.`. */
  #stored(name: string): string {
    const bare = name.replace(/^model\./, '');
    return !this.#source.tensors.has(name) && this.#source.tensors.has(bare) ? bare : name;
  }
}

function readTransformer(config: ModelConfig, weights: WeightReader): Transformer<Stored> {
  const { embedding, head } = readTables(config, weights);
  const norm = weights.read(`${NORM_PATH}.weight`, [config.hiddenSize]);
  const blocks: Block<Stored>[] = [];
  for (let layer = 0; layer < config.layers; layer++) blocks.push(readBlock(config, weights, layer));
  return { config, embedding, blocks, norm, head: { path: HEAD_PATH, weight: head, bias: null } };
}

function readTables(config: ModelConfig, weights: WeightReader): { embedding: Stored; head: Stored } {
  const shape = [config.vocabularySize, config.hiddenSize];
  const [embeddingName, headName] = [`${EMBEDDING_PATH}.weight`, `${HEAD_PATH}.weight`];
  if (!config.tiedEmbeddings) {
    return { embedding: weights.read(embeddingName, shape), head: weights.read(headName, shape) };
  }
  if (!weights.has(headName)) {
    const embedding = weights.read(embeddingName, shape);
    return { embedding, head: embedding };
  }
  const head = weights.read(headName, shape);
  if (weights.has(embeddingName) && !sameValues(head, weights.read(embeddingName, shape))) {
    const expected = `the values of ${embeddingName}, because config.json ties them`;
    throw new ConflictError(weights.label(headName), expected, 'others');
  }
  return { embedding: head, head };
}

function readBlock(config: ModelConfig, weights: WeightReader, layer: number): Block<Stored> {
  const paths = blockPaths(layer);
  const shapes = blockLinearShapes(config);
  const gain = (path: string): Stored => weights.read(`${path}.weight`, [config.hiddenSize]);
  const linear = (role: keyof typeof shapes): Linear<Stored> => {
    const { shape, bias } = shapes[role];
    const path = paths[role];
    const weight = weights.read(`${path}.weight`, shape);
    return { path, weight, bias: bias ? weights.read(`${path}.bias`, [shape[0]]) : null };
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
