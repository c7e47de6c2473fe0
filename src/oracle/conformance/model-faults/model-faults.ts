import type { AdaptedModel } from '../../noise/emulated-logits.ts';
import { ADAPTER_FAULTS } from './adapter-faults.ts';
import type { ConfiguredModel } from './configured-model.ts';
import { LAYER_FAULTS } from './layer-faults.ts';
import type { LoraInFile, ModelFault } from './model-fault.ts';
import { POSITION_FAULTS } from './position-faults.ts';

/** Every known fault of models and adapters, by name. */
export const MODEL_FAULTS: ReadonlyMap<string, ModelFault> = new Map(
  [...ADAPTER_FAULTS, ...POSITION_FAULTS, ...LAYER_FAULTS].map((fault) => [fault.name, fault]),
);

/** The model with a fault in it. */
export function withModelFault(fault: ModelFault, { transformer, adapter, config }: ConfiguredModel): AdaptedModel {
  const lora: LoraInFile | null = adapter === null || config === null ? null : { adapter, config, base: transformer };
  return {
    transformer: fault.model?.(transformer) ?? transformer,
    adapter: lora !== null && fault.adapter !== undefined ? fault.adapter(lora) : adapter,
  };
}
