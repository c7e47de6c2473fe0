/**
 * What an adapter does to a linear layer: LoRA beside the weights, for each text of a batch its own, or merged into
 * them.
 * @packageDocumentation
 */
export { type Adapter, type Lane, type LowRank, linearWithLora } from './lora.ts';
export { mergeAdapter } from './merge.ts';
