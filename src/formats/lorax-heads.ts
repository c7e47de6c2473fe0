/**
 * Speculative heads as LoRAX and Medusa store them.
 * @packageDocumentation
 */
import type { SpeculativeHeads } from '../draft/heads.ts';
import { FormatError, MismatchError, UnsupportedError } from '../errors.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import { Fields } from './fields.ts';
import { type Folder, labelIn } from './folder/folder.ts';
import { type JsonObject, readJson } from './json.ts';
import { type TensorRules, type TensorSource, type Tensors, wholeTensors } from './tensors.ts';
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
  /** The version that the file claims: 1 Medusa, 2 turbo. LoRAX and this reader go by the tensors. */
  readonly version: number | null;
}

/** Heads, the base that they say they were trained on, and other things worth knowing. */
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
 * turbo heads (version 2) have one layer and share the base's LM head. The tensors show which of the two they are.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link NonFiniteError} for missing or broken files;
 * {@link UnsupportedError} for pickle files and unknown keys; {@link MismatchError} for shapes that do not fit the
 * base.
 * @source predibase/lorax `server/lorax_server/adapters/medusa.py`; FasterDecoding/Medusa
 * `medusa/model/medusa_model.py`
 */
export function loadHeads(folder: Folder, base: Transformer<Stored>): LoadedHeads {
  const configPath = labelIn(folder, HEADS_CONFIG);
  const config = readHeadsConfig(configPath, readJson(folder, HEADS_CONFIG));
  const file = openWeightsFile(folder, HEADS_WEIGHTS);
  try {
    const heads = readHeads(configPath, config, wholeTensors(file, HEADS_RULES), base.config);
    return { heads, baseName: config.baseName, warnings: versionWarnings(configPath, config, heads) };
  } finally {
    file.close();
  }
}

/** A missing tensor means a broken folder; one of another shape belongs to another base. */
export const HEADS_RULES: TensorRules = {
  missing: { error: FormatError, because: '' },
  misfit: { error: MismatchError, because: ', to fit the base' },
};

/** Sizes of the model that the heads are for. */
type BaseSizes = Pick<ModelConfig, 'hiddenSize' | 'vocabularySize'>;

/**
 * Every tensor that the configuration requires, and no others.
 * @throws {@link FormatError} for a missing or an extra tensor; {@link MismatchError} for a shape that does not fit;
 * {@link UnsupportedError} for several layers before a shared LM head; and as reading a tensor does.
 */
export function readHeads<W>(
  label: string,
  config: HeadsConfig,
  tensors: Tensors<W>,
  { hiddenSize, vocabularySize }: BaseSizes,
): SpeculativeHeads<W> {
  const own = tensors.has(outputName(0, config));
  if (!own && config.layers !== 1) {
    throw new UnsupportedError(
      `${label}: medusa_num_layers`,
      '1 for heads without their own LM head',
      `${config.layers}`,
    );
  }
  const heads = Array.from({ length: config.heads }, (_, head) => ({
    layers: Array.from({ length: config.layers }, (_, layer) => ({
      weight: tensors.read(`${head}.${layer}.linear.weight`, [hiddenSize, hiddenSize]),
      bias: tensors.read(`${head}.${layer}.linear.bias`, [hiddenSize]),
    })),
    output: own ? tensors.read(outputName(head, config), [vocabularySize, hiddenSize]) : null,
  }));
  tensors.refuseUnknown(
    (tensor) => new FormatError(tensor, 'only tensors that config.json accounts for', 'an extra tensor'),
  );
  return heads;
}

/** Sizes of the base that the heads were made for, as far as the tensors show them: for checks without a base. */
export function sizesShownBy(config: HeadsConfig, { tensors }: TensorSource): BaseSizes {
  const output = tensors.get(outputName(0, config))?.shape;
  const hiddenSize = tensors.get('0.0.linear.weight')?.shape[0] ?? output?.[1] ?? 0;
  return { hiddenSize, vocabularySize: output?.[0] ?? 0 };
}

/** How many heads the tensors belong to. */
export function headsIn({ tensors }: TensorSource): number {
  return new Set([...tensors.keys()].map((name) => /^\d+(?=\.)/.exec(name)?.[0]).filter((head) => head !== undefined))
    .size;
}

const outputName = (head: number, { layers }: HeadsConfig): string => `${head}.${layers}.weight`;

function versionWarnings(label: string, { version }: HeadsConfig, heads: SpeculativeHeads<unknown>): string[] {
  const actual = heads[0]!.output === null ? 2 : 1;
  if (version === null || version === actual) return [];
  return [`${label}: version ${version}, but the tensors are those of version ${actual}, which counts`];
}
