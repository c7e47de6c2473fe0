/**
 * Faults of whole models: what an engine gets wrong when it reads a checkpoint or an adapter, or puts a layer together.
 * Each is a change to the model's data, so that the model itself stays as it is.
 * @packageDocumentation
 */
import type { Adapter, LowRank } from '../../../adapters/lora.ts';
import type { LoraConfig } from '../../../formats/peft/config.ts';
import type { FaultReference } from '../../../law/faults/fault.ts';
import type { Block } from '../../../model/block.ts';
import type { Transformer } from '../../../model/weights.ts';
import type { Stored } from '../../../numerics/stored.ts';

/** A LoRA as a fault finds it. */
export interface LoraInFile {
  readonly adapter: Adapter<Stored>;
  readonly config: LoraConfig;
  /** The model that it is on. */
  readonly base: Transformer<Stored>;
}

/** A fault of a model, of an adapter, or of both. What it leaves out is right. */
export interface ModelFault {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly description: string;
  readonly references: readonly FaultReference[];
  /** The model as an engine with the fault has it. */
  model?(model: Transformer<Stored>): Transformer<Stored>;
  /** The adapter as such an engine has it. Null: it has no effect. */
  adapter?(lora: LoraInFile): Adapter<Stored> | null;
}

/** A model with each block changed. */
export function withBlocks<W>(model: Transformer<W>, change: (block: Block<W>) => Block<W>): Transformer<W> {
  return { ...model, blocks: model.blocks.map(change) };
}

/** An adapter with each of its updates changed; those that become null are left out. */
export function withUpdates(
  adapter: Adapter<Stored>,
  change: (update: LowRank<Stored>, path: string) => LowRank<Stored> | null,
): Adapter<Stored> {
  const changed = [...adapter.updates].flatMap(([path, update]) => {
    const after = change(update, path);
    return after === null ? [] : [[path, after] as const];
  });
  return { ...adapter, updates: new Map(changed) };
}
