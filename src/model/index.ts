/**
 * The model: its configuration and weights, the forward pass over tokens, the key-value cache and the session that keeps one
 * text's place in it.
 * @packageDocumentation
 */
export { KeyValueCache } from './cache.ts';
export type { ModelConfig, RopeConfig, RopeScaling } from './config.ts';
export { forward, languageModelHead, type Segment } from './forward.ts';
export { type Layout, layoutOf } from './layout.ts';
export { type RotaryFrequencies, rotaryFrequencies, rotationAt } from './rope.ts';
export { type ForwardRows, type Read, readTogether, Session } from './session.ts';
export { allLinears, type Block, blockLinears, type Linear, type Transformer } from './weights.ts';
