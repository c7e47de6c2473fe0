/** Folders of a LoRA and of heads for the tiny model, with a few tensors exchanged or left out. */
import { type Stored, stored } from '../../src/numerics/stored.ts';
import {
  adapterTensors,
  headTensors,
  subfolder,
  temporaryFolder,
  tinyConfig,
  writeHeads,
  writeLora,
} from './format-folders.ts';
import { randomAdapter, randomHeads, randomModel } from './random-model.ts';

const root = temporaryFolder();
let count = 0;
export const newFolder = (): string => subfolder(root, `adapter-${count++}`);

export const base = randomModel(1, tinyConfig);
export const full = randomAdapter(2, base);
export const heads = randomHeads(3, tinyConfig, 2);
export const zeros = (shape: number[]): Stored =>
  stored('zeros', 'F32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

/** Tensors to exchange, by name; null leaves one out. */
export type Changes = Record<string, Stored | null>;

function changed(tensors: Map<string, Stored>, changes: Changes): Map<string, Stored> {
  for (const [name, weights] of Object.entries(changes)) {
    if (weights === null) tensors.delete(name);
    else tensors.set(name, weights);
  }
  return tensors;
}

/** A LoRA on q_proj of both layers, unless told otherwise. */
export function loraFolder(config: Record<string, unknown> = {}, changes: Changes = {}): string {
  const folder = newFolder();
  const updates = new Map([...full.updates].filter(([path]) => path.endsWith('q_proj')));
  const tensors = changed(adapterTensors({ name: '', updates }), changes);
  writeLora(folder, tensors, { target_modules: ['q_proj'], ...config });
  return folder;
}

export function headsFolder(config: object = {}, changes: Changes = {}): string {
  const folder = newFolder();
  writeHeads(folder, changed(headTensors(heads), changes), { medusa_num_heads: 2, medusa_num_layers: 1, ...config });
  return folder;
}
