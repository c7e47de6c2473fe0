/**
 * An adapter folder, whatever it holds: a LoRA, speculative heads, or both, which makes it a Turbo LoRA.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import type { SpeculativeHeads } from '../draft/heads.ts';
import { MissingFileError } from '../errors.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Folder } from './folder/folder.ts';
import { readJson } from './json.ts';
import { HEADS_CONFIG, HEADS_WEIGHTS, loadHeads } from './lorax-heads.ts';
import { namesDiffer } from './model-name.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, loadLora } from './peft/adapter.ts';
import { refusePickle } from './weights-file.ts';

/** What an adapter folder holds. */
export interface AdapterFolder {
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
  /** Predibase's adapter types: quality, speed, or both. */
  readonly kind: 'lora' | 'turbo' | 'turbo_lora';
  /** Things worth knowing that are not errors, such as a base with another name. */
  readonly warnings: readonly string[];
}

/** Which of the two parts a folder has, judging by its files. */
export interface AdapterParts {
  readonly lora: boolean;
  readonly heads: boolean;
}

/** Finds out which parts an adapter folder has. @throws {@link MissingFileError} when the folder does not exist. */
export function adapterParts(folder: Folder): AdapterParts {
  const names = folder.list();
  const lora = names.includes(ADAPTER_CONFIG) || names.includes(ADAPTER_WEIGHTS);
  if (names.some((name) => name.startsWith('medusa_lm_head.'))) return { lora, heads: true };
  // A config.json alone proves nothing: some trainers put the base's next to a LoRA.
  const announced = names.includes(HEADS_CONFIG) && Object.hasOwn(readJson(folder, HEADS_CONFIG), 'medusa_num_heads');
  return { lora, heads: announced };
}

/**
 * Loads an adapter folder and fits it to a base. If the adapter names a base other than `baseName`, that is only a
 * warning: the same model has many names.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link UnsupportedError}, {@link MismatchError},
 * {@link ConflictError} or {@link NonFiniteError}, naming file and tensor, option or module.
 * @example
 * import assert from 'node:assert/strict';
 * import { folderAt } from 'turbo-lora';
 * import { loadAdapterFolder, loadCheckpoint } from 'turbo-lora/formats';
 * const { transformer } = loadCheckpoint(folderAt('fixtures/embedded/base'));
 * assert.equal(loadAdapterFolder(folderAt('fixtures/embedded/adapter'), transformer).kind, 'turbo_lora');
 */
export function loadAdapterFolder(folder: Folder, base: Transformer<Stored>, baseName?: string): AdapterFolder {
  const parts = adapterParts(folder);
  if (!parts.lora && !parts.heads) {
    refusePickle(folder, ADAPTER_WEIGHTS);
    throw new MissingFileError(folder.label, `${ADAPTER_CONFIG} or ${HEADS_WEIGHTS}`, 'neither');
  }
  const lora = parts.lora ? loadLora(folder, base) : null;
  const heads = parts.heads ? loadHeads(folder, base) : null;
  const others = [lora?.baseName, heads?.baseName].filter((claimed): claimed is string => {
    return claimed != null && baseName !== undefined && namesDiffer(claimed, baseName);
  });
  const trainedOn = [...new Set(others)].join(' and ');
  return {
    adapter: lora?.adapter ?? null,
    heads: heads?.heads ?? null,
    kind: heads === null ? 'lora' : lora === null ? 'turbo' : 'turbo_lora',
    warnings: [
      ...(lora?.warnings ?? []),
      ...(heads?.warnings ?? []),
      ...(trainedOn === '' ? [] : [`${folder.label}: trained on ${trainedOn}, used on ${baseName}`]),
    ],
  };
}
