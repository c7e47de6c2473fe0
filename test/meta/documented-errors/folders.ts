/** Folders that are complete except for one thing, for calls that must throw. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import {
  adapterTensors,
  configJson,
  headTensors,
  tensorsOf,
  tinyConfig,
  writeCheckpoint,
  writeHeads,
  writeLora,
} from '../../support/format-folders.ts';
import { randomAdapter, randomHeads, randomModel } from '../../support/random-model.ts';

const root = mkdtempSync(join(tmpdir(), 'turbo-lora-documented-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

export const base = randomModel(1, tinyConfig);
const wide = randomModel(1, { ...tinyConfig, hiddenSize: 16 });

/** A new folder with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(root, 'folder-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** A new file with this content. */
export const fileWith = (content: string | Uint8Array): string => join(folderWith({ file: content }), 'file');

type Numbers = Readonly<Record<string, readonly number[]>>;

/** Tensors of which some are replaced by a tensor of the same shape, filled with the numbers given over and over. */
function replaced(tensors: Map<string, Stored>, numbers: Numbers): Map<string, Stored> {
  for (const [name, values] of Object.entries(numbers)) {
    const { shape } = tensors.get(name)!;
    const size = shape.reduce((product, extent) => product * extent, 1);
    const data = Float64Array.from({ length: size }, (_, i) => values[i % values.length]!);
    tensors.set(name, stored(name, 'F64', data, shape));
  }
  return tensors;
}

/** A checkpoint with other numbers in some tensors. */
export function fullCheckpoint(numbers: Numbers = {}): string {
  const folder = folderWith();
  writeCheckpoint(folder, replaced(tensorsOf(base), numbers));
  return folder;
}

/** A checkpoint with these keys in its config. */
export function checkpointWith(keys: Readonly<Record<string, unknown>>): string {
  const folder = folderWith();
  writeCheckpoint(folder, tensorsOf(base), { ...configJson(), ...keys });
  return folder;
}

const Q_PROJ = { target_modules: ['q_proj'] };
const onQueries = (of: typeof base): Map<string, Stored> => {
  const { name, updates } = randomAdapter(2, of);
  return adapterTensors({ name, updates: new Map([...updates].filter(([path]) => path.endsWith('q_proj'))) });
};

/** A LoRA with these keys in its config and other numbers in some tensors. */
export function adapterWith(keys: Readonly<Record<string, unknown>> = {}, numbers: Numbers = {}): string {
  const folder = folderWith();
  writeLora(folder, replaced(onQueries(base), numbers), { ...Q_PROJ, ...keys });
  return folder;
}

/** A LoRA for a base with wider states. */
export function wideLora(): string {
  const folder = folderWith();
  writeLora(folder, onQueries(wide), Q_PROJ);
  return folder;
}

/** Heads for this base or a wider one, with these keys in their config and other numbers in some tensors. */
export function headsWith(keys: object = {}, numbers: Numbers = {}, of: typeof base = base): string {
  const folder = folderWith();
  const tensors = replaced(headTensors(randomHeads(3, of.config, 2)), numbers);
  writeHeads(folder, tensors, { medusa_num_heads: 2, medusa_num_layers: 1, ...keys });
  return folder;
}

/** Heads for a base with wider states. */
export const wideHeads = (): string => headsWith({}, {}, wide);
