/**
 * The model, put together from parts (norms, rotary embedding, attention, feed-forward networks, blocks), the forward
 * pass over tokens, the key-value cache and the session that keeps one text's place in it.
 * @packageDocumentation
 */
export { type Attention, attend } from './attention.ts';
export { type Block, type BlockNorms, throughBlock } from './block.ts';
export { KeyValueCache } from './cache.ts';
export type { ModelConfig, RopeConfig, RopeScaling } from './config.ts';
export { type Experts, mixExperts } from './experts.ts';
export { type Activation, type FeedForward, feedForward } from './feed-forward.ts';
export { forward, languageModelHead, type Segment } from './forward.ts';
export { type Layout, layoutOf, type Window } from './layout.ts';
export type { Linear } from './linear.ts';
export { allLinears, type Module, type ModuleRole, modulesOf, otherModules } from './modules.ts';
export { type LayerNorm, type Norm, normalise, type RmsNorm } from './norm.ts';
export { type Pass, rotationsAt, type TextRows } from './pass.ts';
export { type Asking, asked, foundAtOnce, type MaybeAsking, type PassRequest, type Rows } from './pass-request.ts';
export { type Projection, project } from './projection.ts';
export { type Rotary, type RotaryFrequencies, rotaryFrequencies, rotaryOf, rotationAt } from './rope.ts';
export { type ForwardRows, Read, type ReadOptions, readTogether, Session } from './session.ts';
export { type ModelSummary, summaryOf } from './summary.ts';
export { type Embedding, type LogitsConfig, mapWeights, type Transformer } from './weights.ts';
