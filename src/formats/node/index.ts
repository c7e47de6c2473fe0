/**
 * Formats with Node: folders by their paths, output files, chat templates in a separate process.
 * @packageDocumentation
 */
export { type RenderBounds, renderInProcess } from '../chat-template/node.ts';
export { OutputFile } from '../folder/node/output-file.ts';
export { folderAt, NodeFile, openFile } from '../folder/node.ts';
export { openSafetensors, writeSafetensors } from '../safetensors/node.ts';
export { inspectFolder, loadAdapterFolder, loadCheckpoint, loadTokenizer, readChatTemplate } from './by-path.ts';
