/**
 * Turbo LoRA in float64: load a Hugging Face checkpoint with its adapters, decode it plainly or speculatively, and look
 * at every number on the way.
 *
 * The usual way in is {@link load}. Here is what most users need; the parts are reached floor by floor,
 * `turbo-lora/verify` or `turbo-lora/law`, say, and the error classes as `turbo-lora/errors`.
 * @packageDocumentation
 */

// What runs without Node; what has the same name below takes paths as well.
export * from './browser.ts';
export { folderAt } from './formats/folder/node.ts';
export { inspectFolder } from './formats/node/by-path.ts';
export { BACKEND_NAMES, type BackendName, openBackend } from './language-model/backends.ts';
export { embeddedFolder, embeddedModel, type LoadOptions, load } from './language-model/node.ts';
