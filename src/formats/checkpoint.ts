/**
 * A Hugging Face checkpoint folder to a transformer.
 * @packageDocumentation
 */
import { MissingFileError } from '../errors.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import { WHOLE } from './checkpoint/kinds.ts';
import { hasCheckpoint, openCheckpoint } from './checkpoint/source.ts';
import { checkpointRules, readTransformer } from './checkpoint/transformer.ts';
import { readArchitecture } from './families/index.ts';
import { type Folder, labelIn } from './folder/folder.ts';
import { readJson } from './json.ts';
import { ADAPTER_CONFIG } from './peft/adapter.ts';
import { wholeTensors } from './tensors.ts';

const CONFIG = 'config.json';

/** What a checkpoint folder holds. */
export interface Checkpoint {
  /** The folder's own name, or the model's if the folder is in the Hub's cache. */
  readonly name: string;
  readonly transformer: Transformer<Stored>;
  /** Things worth knowing that are not errors. */
  readonly warnings: readonly string[];
}

/**
 * Loads a checkpoint: `config.json` and `model.safetensors`, or shards with `model.safetensors.index.json`.
 *
 * Every tensor of the files must be used, except the rotary frequencies of old files. Names may lack the prefix
 * (`model.`), as in a checkpoint of the bare decoder. With tied embeddings, either of the two tables may be absent;
 * when both are there they must be equal, because transformers 4 would ignore `lm_head.weight` then and transformers 5
 * use it.
 * @throws {@link MissingFileError} for a missing file; {@link FormatError} for a broken one, a missing tensor or a
 * wrong shape; {@link UnsupportedError} for what is not implemented, unknown tensors and pickle files included;
 * {@link ConflictError} for tied tables that differ; {@link NonFiniteError} for a weight that is NaN or infinite.
 * @example
 * import assert from 'node:assert/strict';
 * import { folderAt } from 'turbo-lora';
 * import { loadCheckpoint } from 'turbo-lora/formats';
 * const { transformer } = loadCheckpoint(folderAt('fixtures/embedded/base'));
 * assert.equal(transformer.config.family, 'llama');
 */
export function loadCheckpoint(folder: Folder): Checkpoint {
  refuseAdapter(folder);
  const architecture = readArchitecture(labelIn(folder, CONFIG), readJson(folder, CONFIG));
  const source = openCheckpoint(folder);
  try {
    const transformer = readTransformer(architecture, wholeTensors(source, checkpointRules(architecture)), WHOLE);
    return { name: folder.name, transformer, warnings: [] };
  } finally {
    source.close();
  }
}

/**
 * A folder that holds an adapter and no weights of a model. Listing it also tells a missing folder from one without
 * files.
 */
function refuseAdapter(folder: Folder): void {
  if (!folder.list().includes(ADAPTER_CONFIG) || hasCheckpoint(folder)) return;
  throw new MissingFileError(folder.label, 'a checkpoint', `an adapter (${ADAPTER_CONFIG})`);
}
