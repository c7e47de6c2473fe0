/**
 * The safetensors files of a checkpoint folder, as one set of tensors: a single file, or shards and their index.
 * @packageDocumentation
 */
import { FormatError, MissingFileError } from '../../errors.ts';
import type { Stored } from '../../numerics/stored.ts';
import { type Folder, hasFile, labelIn } from '../folder/folder.ts';
import { isObject, type JsonObject, kindOf, readJson } from '../json.ts';
import type { TensorEntry } from '../safetensors/header.ts';
import { SafetensorsFile } from '../safetensors/reader.ts';
import type { TensorSource } from '../tensors.ts';
import { refusePickle } from '../weights-file.ts';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/** Tensors by name, over all files of a checkpoint. */
export class CheckpointFiles implements TensorSource {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly #fileOf: ReadonlyMap<string, SafetensorsFile>;

  /** @param fileOf which of the files holds which tensor. */
  constructor(
    readonly folder: Folder,
    readonly files: readonly SafetensorsFile[],
    fileOf: ReadonlyMap<string, SafetensorsFile>,
  ) {
    this.#fileOf = fileOf;
    this.tensors = new Map([...fileOf].map(([name, file]) => [name, file.tensors.get(name)!]));
  }

  /** `file: tensor`, for error messages; the folder stands in for a file when no file has it. */
  labelOf(name: string): string {
    return `${this.#fileOf.get(name)?.label ?? this.folder.label}: ${name}`;
  }

  /** Reads a tensor of weights. @throws as {@link SafetensorsFile.read} does. */
  read(name: string): Stored {
    const file = this.#fileOf.get(name);
    if (file === undefined) throw new FormatError(this.labelOf(name), 'a tensor of this name', 'none');
    return file.read(name);
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}

/**
 * Opens the weights of a checkpoint folder and reads their headers. A single `model.safetensors` is preferred to
 * shards, as transformers does.
 * @throws {@link UnsupportedError} when there are only pickle files; {@link MissingFileError} when there are no
 * weights, or a shard is missing; {@link FormatError} when index and shards disagree, or a shard's name leads out of
 * the folder.
 */
export function openCheckpoint(folder: Folder): CheckpointFiles {
  if (hasFile(folder, SINGLE)) {
    const file = new SafetensorsFile(folder.open(SINGLE));
    return new CheckpointFiles(folder, [file], new Map([...file.tensors.keys()].map((name) => [name, file])));
  }
  if (hasFile(folder, INDEX)) return openShards(folder);
  refusePickle(folder, SINGLE);
  throw new MissingFileError(labelIn(folder, SINGLE), `this file or ${INDEX}`, 'neither');
}

/** Whether a folder seems to hold the weights of a checkpoint. */
export function hasCheckpoint(folder: Folder): boolean {
  return hasFile(folder, SINGLE) || hasFile(folder, INDEX);
}

function openShards(folder: Folder): CheckpointFiles {
  const path = labelIn(folder, INDEX);
  const shardOf = readIndex(path, readJson(folder, INDEX));
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const shard of new Set(shardOf.values())) {
      files.set(shard, new SafetensorsFile(folder.open(shard, path)));
    }
    return new CheckpointFiles(folder, [...files.values()], matchShards(path, shardOf, files));
  } catch (error) {
    for (const file of files.values()) file.close();
    throw error;
  }
}

/** The index: which shard holds which tensor. Its `metadata` (sizes) says nothing that the shards do not. */
function readIndex(path: string, index: JsonObject): Map<string, string> {
  for (const key of Object.keys(index)) {
    if (key !== 'weight_map' && key !== 'metadata') throw new FormatError(path, 'weight_map and metadata', key);
  }
  const map = Object.hasOwn(index, 'weight_map') ? index.weight_map : undefined;
  if (!isObject(map)) throw new FormatError(`${path}: weight_map`, 'an object', kindOf(map));
  const shardOf = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard !== 'string') throw new FormatError(`${path}: ${name}`, 'the name of a file', kindOf(shard));
    shardOf.set(name, shard);
  }
  if (shardOf.size === 0) throw new FormatError(`${path}: weight_map`, 'at least one tensor', 'none');
  return shardOf;
}

function matchShards(
  path: string,
  shardOf: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, SafetensorsFile>,
): Map<string, SafetensorsFile> {
  const fileOf = new Map<string, SafetensorsFile>();
  for (const [name, shard] of shardOf) {
    const file = files.get(shard)!;
    if (!file.tensors.has(name))
      throw new FormatError(file.labelOf(name), `a tensor, because ${path} lists it`, 'none');
    fileOf.set(name, file);
  }
  for (const [shard, file] of files) {
    for (const name of file.tensors.keys()) {
      const listed = shardOf.get(name);
      if (listed !== shard) throw new FormatError(file.labelOf(name), `to be listed in ${path}`, listed ?? 'nothing');
    }
  }
  return fileOf;
}
