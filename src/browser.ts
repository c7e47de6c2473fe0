/**
 * Turbo LoRA in float64, for browsers and wherever else there is no Node: {@link load} takes folders, such as one in
 * memory with the files that a page has fetched ({@link memoryFolder}). Bundlers that build for a browser take this
 * file for `turbo-lora`.
 *
 * Everything is synchronous except generating and loading, which let the event loop run. A model that is more than a
 * toy belongs in a worker.
 * @packageDocumentation
 */

// What the options of a generation are made of
export type { Step } from './decode/step.ts';
export type { Drafter } from './draft/drafter.ts';
export { type PromptLookupOptions, promptLookup } from './draft/prompt-lookup.ts';
export { TurboLoraError } from './errors.ts';
// Folders
export type { Folder, OpenFile } from './formats/folder/folder.ts';
export { memoryFolder } from './formats/folder/memory.ts';
export { type FolderReport, inspectFolder } from './formats/inspect.ts';
export type { Tokenizer } from './formats/tokenizer.ts';
// A model and its texts
export type { BatchCompletion, BatchOptions, BatchRequest, BatchToken } from './language-model/batch.ts';
export type { Completion, DepthAcceptance, GeneratedToken, TokenProbability } from './language-model/completion.ts';
export {
  type DefaultedOptions,
  describeDefaults,
  type GenerationDefault,
  type GenerationDefaults,
} from './language-model/defaults.ts';
export type { AbortState } from './language-model/event-loop.ts';
export type { MaybeGiven } from './language-model/given.ts';
export { LanguageModel } from './language-model/language-model.ts';
export { type LoadOptions, load } from './language-model/load.ts';
export type { DrafterContext, DraftModel, DraftSource, GenerateOptions } from './language-model/options.ts';
export type { AdapterParts, LanguageModelParts, RunningModel } from './language-model/parts.ts';
export type { Prompt, TokenIds } from './language-model/prompt.ts';
export type { Uploads } from './language-model/uploads.ts';
export { lenienceBy } from './verify/lenience.ts';
export type { Rule } from './verify/rule.ts';
export { RULES, type RuleName } from './verify/rules.ts';
export { typicalWith } from './verify/typical.ts';
