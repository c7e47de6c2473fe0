/**
 * LoRA adapters of linear layers. They are applied beside the weights, where each text of a batch may have a different
 * one, or merged into the weights.
 * @packageDocumentation
 */
export { type Adapter, type Lane, type LowRank, linearWithLora } from './lora.ts';
export { mergeAdapter } from './merge.ts';
