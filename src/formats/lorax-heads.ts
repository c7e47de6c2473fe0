/**
 * Speculative heads as LoRAX and Medusa store them.
 * @packageDocumentation
 */
import { join } from 'node:path';
import type { SpeculativeHead, SpeculativeHeads } from '../draft/heads.ts';
import { FormatError, MismatchError, UnsupportedError } from '../errors.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import { Fields } from './fields.ts';
import { type JsonObject, readJson } from './json.ts';
import type { SafetensorsFile } from './safetensors/reader.ts';
import { openWeightsFile } from './weights-file.ts';

/** Names of the two files. */
export const HEADS_CONFIG = 'config.json';
export const HEADS_WEIGHTS = 'medusa_lm_head.safetensors';

/** `config.json` of a folder of heads. */
export interface HeadsConfig {
  readonly heads: number;
  /** Residual layers per head. */
  readonly layers: number;
  readonly baseName: string | null;
  /** What the file claims: 1 Medusa, 2 turbo. LoRAX and this reader go by the tensors. */
  readonly version: number | null;
}

/** Heads, the base that they say they were trained on, and what else is worth knowing. */
export interface LoadedHeads {
  readonly heads: SpeculativeHeads<Stored>;
  readonly baseName: string | null;
  readonly warnings: readonly string[];
}

const IGNORED = ['transformers_version', '_name_or_path', 'torch_dtype', 'dtype'];
const MOST = 2 ** 16;

/**
 * Reads a parsed `config.json` of heads.
 * @throws {@link FormatError} for missing or wrong values; {@link UnsupportedError} for an unknown key.
 */
export function readHeadsConfig(label: string, object: JsonObject): HeadsConfig {
  const fields = new Fields(label, object);
  const config: HeadsConfig = {
    heads: fields.integer('medusa_num_heads', undefined, { least: 1, most: MOST }),
    layers: fields.integer('medusa_num_layers', undefined, { least: 0, most: MOST }),
    baseName: fields.raw('base_model_name_or_path') == null ? null : fields.string('base_model_name_or_path'),
    version: readVersion(fields),
  };
  fields.ignore(IGNORED);
  fields.refuseUnknown();
  return config;
}

/** A number, or a string that spells one. */
function readVersion(fields: Fields): number | null {
  const value = fields.raw('version') ?? null;
  if (value === null) return null;
  const version = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (version !== 1 && version !== 2) {
    throw new UnsupportedError(fields.labelOf('version'), '1 or 2', JSON.stringify(value).slice(0, 80));
  }
  return version;
}

/**
 * Loads heads that fit a base of hidden size D and vocabulary V. With `L = medusa_num_layers`, head i has the layers
 * `{i}.{j}.linear.weight` [D, D] and `.bias` [D] for j < L. Medusa heads (version 1) end in `{i}.{L}.weight` [V, D];
 * turbo heads (version 2) have one layer and share the base's LM head. Which of the two it is shows in the tensors.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link NonFiniteError} for missing or broken files;
 * {@link UnsupportedError} for pickle files and unknown keys; {@link MismatchError} for shapes that do not fit the base.
 * @source predibase/lorax `server/lorax_server/adapters/medusa.py`; FasterDecoding/Medusa
 * `medusa/model/medusa_model.py`
 */
export function loadHeads(folder: string, base: Transformer<Stored>): LoadedHeads {
  const configPath = join(folder, HEADS_CONFIG);
  const config = readHeadsConfig(configPath, readJson(configPath));
  const file = openWeightsFile(folder, HEADS_WEIGHTS);
  try {
    const own = file.tensors.has(outputName(0, config));
    if (!own && config.layers !== 1) {
      throw new UnsupportedError(
        `${configPath}: medusa_num_layers`,
        '1 for heads without an own LM head',
        `${config.layers}`,
      );
    }
    const reader = new HeadReader(file, base);
    const heads = Array.from({ length: config.heads }, (_, head) => reader.head(head, config, own));
    reader.refuseUnused();
    return { heads, baseName: config.baseName, warnings: versionWarnings(configPath, config, own) };
  } finally {
    file.close();
  }
}

const outputName = (head: number, { layers }: HeadsConfig): string => `${head}.${layers}.weight`;

function versionWarnings(label: string, { version }: HeadsConfig, own: boolean): string[] {
  const actual = own ? 1 : 2;
  if (version === null || version === actual) return [];
  return [`${label}: version ${version}, but the tensors are those of version ${actual}, which counts`];
}

class HeadReader {
  readonly #file: SafetensorsFile;
  readonly #base: Transformer<Stored>;
  readonly #used = new Set<string>();

  constructor(file: SafetensorsFile, base: Transformer<Stored>) {
    this.#file = file;
    this.#base = base;
  }

  head(head: number, config: HeadsConfig, own: boolean): SpeculativeHead<Stored> {
    const { hiddenSize, vocabularySize } = this.#base.config;
    const layers = Array.from({ length: config.layers }, (_, layer) => ({
      weight: this.#read(`${head}.${layer}.linear.weight`, [hiddenSize, hiddenSize]),
      bias: this.#read(`${head}.${layer}.linear.bias`, [hiddenSize]),
    }));
    return { layers, output: own ? this.#read(outputName(head, config), [vocabularySize, hiddenSize]) : null };
  }

  refuseUnused(): void {
    for (const name of this.#file.tensors.keys()) {
      if (this.#used.has(name)) continue;
      throw new FormatError(`${this.#file.path}: ${name}`, 'only tensors that config.json accounts for', 'one more');
    }
  }

  #read(name: string, shape: readonly number[]): Stored {
    const label = `${this.#file.path}: ${name}`;
    const entry = this.#file.tensors.get(name);
    if (entry === undefined) throw new FormatError(label, `a tensor of shape [${shape.join(', ')}]`, 'none');
    if (entry.shape.join() !== shape.join()) {
      throw new MismatchError(label, `shape [${shape.join(', ')}], to fit the base`, `[${entry.shape.join(', ')}]`);
    }
    this.#used.add(name);
    return this.#file.read(name);
  }
}
