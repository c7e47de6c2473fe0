/**
 * What a folder holds and what is supported, from headers and configurations alone: no weights are read.
 * @packageDocumentation
 */
import { MissingFileError, TurboLoraError } from '../errors.ts';
import { type ModuleRole, modulesOf as modulesOfModel } from '../model/modules.ts';
import { type ModelSummary, summaryOf } from '../model/summary.ts';
import { adapterParts } from './adapter-folder.ts';
import type { Architecture } from './checkpoint/declared.ts';
import { HEADERS } from './checkpoint/kinds.ts';
import { hasCheckpoint, openCheckpoint } from './checkpoint/source.ts';
import { checkpointRules, readTransformer } from './checkpoint/transformer.ts';
import { everyLoraTarget, readArchitecture } from './families/index.ts';
import { type Folder, hasFile, labelIn } from './folder/folder.ts';
import { type GenerationConfig, readGenerationConfig } from './generation-config.ts';
import { readJson } from './json.ts';
import {
  HEADS_CONFIG,
  HEADS_RULES,
  HEADS_WEIGHTS,
  type HeadsConfig,
  headsIn,
  readHeads,
  readHeadsConfig,
  sizesShownBy,
} from './lorax-heads.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  isTableOfBase,
  LORA_RULES,
  modulesOf,
  readUpdates,
  refuseOthers,
  targetedIn,
} from './peft/adapter.ts';
import { type LoraConfig, readLoraConfig } from './peft/config.ts';
import type { TensorEntry } from './safetensors/header.ts';
import { type TensorSource, tensorHeaders } from './tensors.ts';
import { loadTokenizer } from './tokenizer.ts';
import { openWeightsFile, refusePickle } from './weights-file.ts';

/** Tensors of one element type. */
export interface DtypeSize {
  readonly tensors: number;
  readonly parameters: number;
  readonly bytes: number;
}

/** The size of a set of tensors. */
export interface TensorSizes {
  readonly parameters: number;
  readonly bytes: number;
  /** By element type, as spelled in the files. */
  readonly dtypes: Readonly<Record<string, DtypeSize>>;
}

/** A checkpoint. */
export interface CheckpointReport {
  /** `model_type` and class, as `config.json` names them. */
  readonly family: string | null;
  readonly architecture: string | null;
  /** Null when the configuration is not supported. */
  readonly config: ModelSummary | null;
  readonly sizes: TensorSizes | null;
  /**
   * Parameters by role: embedding, attention, mlp, norms, head, other. Null when the configuration is not supported.
   */
  readonly parametersByRole: Readonly<Record<string, number>> | null;
}

/** A LoRA. */
export interface LoraReport {
  readonly config: LoraConfig | null;
  readonly sizes: TensorSizes | null;
  /** Paths of the modules that have tensors. */
  readonly modules: readonly string[];
}

/** Speculative heads. */
export interface HeadsReport {
  readonly config: HeadsConfig | null;
  /** Number of heads that the tensors belong to, whatever the configuration says. */
  readonly headsInFile: number | null;
  readonly sizes: TensorSizes | null;
}

/** What a folder holds; null for parts it does not have. */
export interface FolderReport {
  readonly folder: string;
  readonly checkpoint: CheckpointReport | null;
  readonly lora: LoraReport | null;
  readonly heads: HeadsReport | null;
  readonly tokenizer: { readonly vocabularySize: number } | null;
  readonly generation: GenerationConfig | null;
  /** Messages of the errors that loading would throw, as far as headers and configurations show them. */
  readonly problems: readonly string[];
}

/**
 * Inspects a folder. Problems with its parts are reported, not thrown: all checks of loading are made, except those
 * that need weights or, for an adapter, its base.
 * @throws {@link MissingFileError} when the folder does not exist or holds nothing known; {@link UnsupportedError} when
 * it holds only pickle files.
 * @example
 * import assert from 'node:assert/strict';
 * import { folderAt } from 'turbo-lora';
 * import { inspectFolder } from 'turbo-lora/formats';
 * const report = inspectFolder(folderAt('fixtures/embedded/base'));
 * assert.equal(report.checkpoint?.family, 'llama');
 * assert.deepEqual(report.problems, []);
 */
export function inspectFolder(folder: Folder): FolderReport {
  folder.list(); // throws where there is none
  const problems = new Set<string>();
  const attempt = <T>(run: () => T): T | null => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof TurboLoraError)) throw error;
      problems.add(error.message);
      return null;
    }
  };
  const parts = attempt(() => adapterParts(folder)) ?? { lora: false, heads: false };
  const isCheckpoint = hasCheckpoint(folder) || (hasFile(folder, HEADS_CONFIG) && !parts.heads && !parts.lora);
  const checkpoint = isCheckpoint ? inspectCheckpoint(folder, attempt) : null;
  const vocabularySize = checkpoint?.config?.vocabularySize;
  const tokenizer = attempt(() => loadTokenizer(folder));
  const generation = vocabularySize === undefined ? null : attempt(() => readGenerationConfig(folder, vocabularySize));
  for (const { message } of generation?.refused ?? []) problems.add(message);
  if (!isCheckpoint && !parts.lora && !parts.heads && tokenizer === null && problems.size === 0) {
    refusePickle(folder, 'safetensors');
    throw new MissingFileError(
      folder.label,
      'a checkpoint, a LoRA, speculative heads or a tokenizer',
      'none of their files',
    );
  }
  return {
    folder: folder.label,
    checkpoint,
    lora: parts.lora ? inspectLora(folder, attempt) : null,
    heads: parts.heads ? inspectHeads(folder, attempt) : null,
    tokenizer: tokenizer === null ? null : { vocabularySize: tokenizer.vocabularySize },
    generation,
    problems: [...problems],
  };
}

/** Runs a function; a named error becomes a problem, and the result null. */
type Attempt = <T>(run: () => T) => T | null;

function inspectCheckpoint(folder: Folder, attempt: Attempt): CheckpointReport {
  const path = labelIn(folder, HEADS_CONFIG);
  const object = attempt(() => readJson(folder, HEADS_CONFIG));
  const model = object === null ? null : attempt(() => readArchitecture(path, object));
  const source = attempt(() => openCheckpoint(folder));
  source?.close();
  if (model !== null && source !== null) {
    attempt(() => readTransformer(model, tensorHeaders(source, checkpointRules(model)), HEADERS));
  }
  const tensors = source === null ? null : [...source.tensors];
  const family = object?.model_type;
  const [architecture] = Array.isArray(object?.architectures) ? object.architectures : [];
  return {
    family: typeof family === 'string' ? family : null,
    architecture: typeof architecture === 'string' ? architecture : null,
    config: model === null ? null : summaryOf(model.transformer, ({ shape }) => shape[0]!),
    sizes: tensors === null ? null : sizesOf(tensors),
    parametersByRole: model === null || tensors === null ? null : parametersByRole(model, tensors),
  };
}

function inspectLora(folder: Folder, attempt: Attempt): LoraReport {
  const path = labelIn(folder, ADAPTER_CONFIG);
  const config = attempt(() => readLoraConfig(path, readJson(folder, ADAPTER_CONFIG), everyLoraTarget));
  const source = attempt(() => headersOf(folder, ADAPTER_WEIGHTS));
  if (config !== null && source !== null) attempt(() => checkLora(config, source));
  const modules = [...modulesOf(source)].sort();
  return { config, sizes: source === null ? null : sizesOf([...source.tensors]), modules };
}

function inspectHeads(folder: Folder, attempt: Attempt): HeadsReport {
  const path = labelIn(folder, HEADS_CONFIG);
  const config = attempt(() => readHeadsConfig(path, readJson(folder, HEADS_CONFIG)));
  const source = attempt(() => headersOf(folder, HEADS_WEIGHTS));
  if (config !== null && source !== null) {
    attempt(() => readHeads(path, config, tensorHeaders(source, HEADS_RULES), sizesShownBy(config, source)));
  }
  const headsInFile = source === null ? null : headsIn(source);
  return { config, headsInFile, sizes: source === null ? null : sizesOf([...source.tensors]) };
}

/** The loader's checks, with the module sizes taken from the factors themselves. */
function checkLora(config: LoraConfig, source: TensorSource): void {
  const tensors = tensorHeaders(source, LORA_RULES);
  readUpdates(config, tensors, targetedIn(config, source));
  refuseOthers(tensors, modulesOf(source), isTableOfBase);
}

type NamedEntries = readonly (readonly [name: string, entry: TensorEntry])[];

/** A closed file: its header can still be read. */
function headersOf(folder: Folder, name: string): TensorSource {
  const file = openWeightsFile(folder, name);
  file.close();
  return file;
}

const parametersOf = ({ shape }: TensorEntry): number => shape.reduce((product, extent) => product * extent, 1);

function sizesOf(tensors: NamedEntries): TensorSizes {
  const dtypes: Record<string, DtypeSize> = {};
  let [parameters, bytes] = [0, 0];
  for (const [, entry] of tensors) {
    const before = dtypes[entry.dtype] ?? { tensors: 0, parameters: 0, bytes: 0 };
    const [count, length] = [parametersOf(entry), entry.end - entry.start];
    dtypes[entry.dtype] = {
      tensors: before.tensors + 1,
      parameters: before.parameters + count,
      bytes: before.bytes + length,
    };
    parameters += count;
    bytes += length;
  }
  return { parameters, bytes, dtypes };
}

/** Parameters of the tensors that the model uses, by what they are for, and of all others. */
function parametersByRole({ transformer, prefix }: Architecture, tensors: NamedEntries): Record<string, number> {
  const roleOf = new Map<string, ModuleRole>();
  for (const { role, weights } of modulesOfModel(transformer)) {
    for (const { name } of weights) {
      if (roleOf.has(name)) continue; // a tied table is the embedding's
      roleOf.set(name, role);
      if (name.startsWith(`${prefix}.`)) roleOf.set(name.slice(prefix.length + 1), role);
    }
  }
  roleOf.set(`${transformer.head.path}.weight`, 'head');
  const roles = ['embedding', 'attention', 'mlp', 'norms', 'head', 'other'];
  const totals: Record<string, number> = Object.fromEntries(roles.map((role) => [role, 0]));
  for (const [name, entry] of tensors) totals[roleOf.get(name) ?? 'other']! += parametersOf(entry);
  return totals;
}
