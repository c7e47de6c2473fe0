/**
 * From logits to the distribution that a token is drawn from: temperature, filters, penalties and bans, in the order
 * that the ecosystem applies them.
 * @packageDocumentation
 */
export { logSoftmax } from './log-probability.ts';
export { createSampler, type Sampler, type TextContext } from './sampler.ts';
export { checkSettings, type SamplingInput, type SamplingSettings } from './settings.ts';
export { argmax, softmax } from './softmax.ts';
export type { SequenceBias } from './token-settings.ts';
