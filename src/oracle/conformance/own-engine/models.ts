/**
 * The models that this package, as an engine, has open: each folder is read when a request first names it.
 * @packageDocumentation
 */
import { loadAdapterFolder } from '../../../formats/adapter-folder.ts';
import { loadCheckpoint } from '../../../formats/checkpoint.ts';
import type { Folder } from '../../../formats/folder/folder.ts';
import { LanguageModel } from '../../../language-model/language-model.ts';
import type { AdapterParts } from '../../../language-model/parts.ts';
import { loraConfigIn } from '../model-faults/configured-model.ts';
import type { ModelFault } from '../model-faults/model-fault.ts';

/** Models that stay open; the one that was used least recently is forgotten for another. */
const MOST_OPEN = 8;

/** Models by the paths of their folders, with the adapters and heads that were asked for on them. */
export class OwnModels {
  readonly #folder: (path: string) => Folder;
  readonly #fault: ModelFault | null;
  readonly #open = new Map<string, { model: LanguageModel; adapters: Map<string, AdapterParts> }>();

  constructor(folder: (path: string) => Folder, fault: ModelFault | null = null) {
    this.#folder = folder;
    this.#fault = fault;
  }

  /** A model without adapter. @throws as {@link loadCheckpoint} does. */
  model(path: string): LanguageModel {
    return this.#entry(path).model;
  }

  /**
   * The LoRA of one folder and the heads of another on a model, under the name by which generations choose them.
   * @throws as {@link loadAdapterFolder} does.
   */
  adapter(path: string, lora: string | null, heads: string | null): { name: string; parts: AdapterParts } {
    const { model, adapters } = this.#entry(path);
    const name = JSON.stringify([lora, heads]);
    let parts = adapters.get(name);
    if (parts === undefined) {
      const read = (from: string): AdapterParts => {
        const folder = this.#folder(from);
        const loaded = loadAdapterFolder(folder, model.transformer);
        const { adapter } = loaded;
        if (this.#fault?.adapter === undefined || adapter === null) return loaded;
        const config = loraConfigIn(folder, model.transformer);
        return { ...loaded, adapter: this.#fault.adapter({ adapter, config, base: model.transformer }) };
      };
      const adapter = lora === null ? null : read(lora).adapter;
      parts = { adapter, heads: heads === null ? null : read(heads).heads };
      adapters.set(name, parts);
    }
    return { name, parts };
  }

  #entry(path: string): { model: LanguageModel; adapters: Map<string, AdapterParts> } {
    let entry = this.#open.get(path);
    this.#open.delete(path);
    entry ??= this.#read(path);
    this.#open.set(path, entry); // the last one in the map is the one used last
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value!);
    return entry;
  }

  #read(path: string): { model: LanguageModel; adapters: Map<string, AdapterParts> } {
    const { transformer: right } = loadCheckpoint(this.#folder(path));
    const transformer = this.#fault?.model?.(right) ?? right;
    const adapters = new Map<string, AdapterParts>();
    const nothing = { adapter: null, heads: null, tokenizer: null, eosTokens: [], warnings: [] };
    return { model: new LanguageModel({ ...nothing, transformer, adapters }), adapters };
  }
}
