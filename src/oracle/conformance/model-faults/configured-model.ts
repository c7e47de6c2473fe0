import { loadAdapterFolder } from '../../../formats/adapter-folder.ts';
import { loadCheckpoint } from '../../../formats/checkpoint.ts';
import { loraTargetsOf } from '../../../formats/families/index.ts';
import { type Folder, labelIn } from '../../../formats/folder/folder.ts';
import { readJson } from '../../../formats/json.ts';
import { ADAPTER_CONFIG } from '../../../formats/peft/adapter.ts';
import { type LoraConfig, readLoraConfig } from '../../../formats/peft/config.ts';
import type { Transformer } from '../../../model/weights.ts';
import type { Stored } from '../../../numerics/stored.ts';
import type { AdaptedModel } from '../../noise/emulated-logits.ts';

/** A model with an adapter, and what the file of the adapter says of it. */
export interface ConfiguredModel extends AdaptedModel {
  /** Null without a LoRA. */
  readonly config: LoraConfig | null;
}

/** Reads a model and the adapter on it. @throws as {@link loadCheckpoint} and {@link loadAdapterFolder} do. */
export function configuredModel(base: Folder, lora: Folder | null): ConfiguredModel {
  const { transformer } = loadCheckpoint(base);
  if (lora === null) return { transformer, adapter: null, config: null };
  const { adapter } = loadAdapterFolder(lora, transformer);
  return { transformer, adapter, config: adapter === null ? null : loraConfigIn(lora, transformer) };
}

/** What the file of a LoRA says. @throws as {@link readLoraConfig} does. */
export function loraConfigIn(folder: Folder, base: Transformer<Stored>): LoraConfig {
  const label = labelIn(folder, ADAPTER_CONFIG);
  return readLoraConfig(label, readJson(folder, ADAPTER_CONFIG), loraTargetsOf(base.config.family));
}
