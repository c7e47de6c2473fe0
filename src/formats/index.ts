/**
 * From bytes to the types of the other floors and back: safetensors, checkpoints, adapters, speculative heads,
 * tokenizers, chat templates and generation settings. What reads a folder takes a {@link Folder}; nothing here needs
 * Node.
 * @packageDocumentation
 */

export { printable, quoted } from '../quoted.ts';
export { type AdapterFolder, loadAdapterFolder } from './adapter-folder.ts';
export { renderHere } from './chat-template/here.ts';
export {
  type ChatMessage,
  type ChatTemplate,
  hasChatTemplate,
  readChatTemplate,
  renderChats,
  type TemplateRenderer,
} from './chat-template.ts';
export { type Checkpoint, loadCheckpoint } from './checkpoint.ts';
export { bytesOf, checkPlainName, type Folder, hasFile, isFolder, labelIn, type OpenFile } from './folder/folder.ts';
export { memoryFolder, openBytes } from './folder/memory.ts';
export {
  type GenerationConfig,
  type GenerationSettings,
  readEosTokens,
  readGenerationConfig,
} from './generation-config.ts';
export {
  type CheckpointReport,
  type DtypeSize,
  type FolderReport,
  type HeadsReport,
  inspectFolder,
  type LoraReport,
  type TensorSizes,
} from './inspect.ts';
export type { HeadsConfig } from './lorax-heads.ts';
export { modelName, namesDiffer } from './model-name.ts';
export type { LoraConfig } from './peft/config.ts';
export type { SafetensorsHeader, TensorEntry } from './safetensors/header.ts';
export { SafetensorsFile } from './safetensors/reader.ts';
export { safetensorsPieces } from './safetensors/writer.ts';
export type { TensorSource } from './tensors.ts';
export { type DecodeOptions, loadTokenizer, type Tokenizer } from './tokenizer.ts';
