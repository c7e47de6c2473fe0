/**
 * A PEFT LoRA folder to an adapter that fits its base.
 * @packageDocumentation
 */
import { basename, join, resolve } from 'node:path';
import type { Adapter, LowRank } from '../../adapters/lora.ts';
import { MismatchError, UnsupportedError } from '../../errors.ts';
import { allLinears, type Transformer } from '../../model/weights.ts';
import type { Stored } from '../../numerics/stored.ts';
import { blockPaths, EMBEDDING_PATH, HEAD_PATH, NORM_PATH } from '../checkpoint/names.ts';
import { sameValues } from '../checkpoint/same-values.ts';
import { readJson } from '../json.ts';
import type { SafetensorsFile } from '../safetensors/reader.ts';
import { openWeightsFile } from '../weights-file.ts';
import { type LoraConfig, readLoraConfig } from './config.ts';
import { isAllLinear, scaleRule, targetTest } from './targets.ts';

/** Names of a PEFT folder's two files. */
export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** An adapter and the base that it says it was trained on. */
export interface LoadedLora {
  readonly adapter: Adapter<Stored>;
  readonly baseName: string | null;
}

/**
 * Loads a PEFT LoRA. The modules with tensors must be exactly those that PEFT would adapt.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link NonFiniteError} for missing or broken files;
 * {@link UnsupportedError} naming an option, a tensor or a pickle file that is not implemented; {@link MismatchError} naming
 * the module that does not fit the base.
 */
export function loadLora(folder: string, base: Transformer<Stored>): LoadedLora {
  const configPath = join(folder, ADAPTER_CONFIG);
  const config = readLoraConfig(configPath, readJson(configPath));
  const targets = targetedModules(config, base);
  const file = openWeightsFile(folder, ADAPTER_WEIGHTS);
  try {
    checkNames(file, base, targets);
    const scaleOf = scaleRule(config);
    const updates = new Map<string, LowRank<Stored>>();
    for (const [path, [outputs, inputs]] of targets) {
      const { rank, scale } = scaleOf(path);
      const a = readFactor(file, path, 'A', [rank, inputs]);
      updates.set(path, { a, b: readFactor(file, path, 'B', [outputs, rank]), scale });
    }
    return { adapter: { name: basename(resolve(folder)), updates }, baseName: config.baseName };
  } finally {
    file.close();
  }
}

type Targets = ReadonlyMap<string, readonly [outputs: number, inputs: number]>;

/** The linear layers that PEFT would adapt, with their shapes. */
function targetedModules(config: LoraConfig, base: Transformer<Stored>): Targets {
  const isTarget = targetTest(config, HEAD_PATH);
  const label = `${config.label}: target_modules`;
  if (!isAllLinear(config)) {
    for (const path of modulesThatAreNotLinear(base)) {
      if (isTarget(path)) throw new UnsupportedError(label, 'linear layers only', path);
    }
  }
  const targets = allLinears(base).filter(({ path }) => isTarget(path));
  if (targets.length === 0) throw new MismatchError(label, 'modules of the base', 'none that the base has');
  return new Map(targets.map(({ path, weight }) => [path, weight.shape as [number, number]]));
}

/** The base's other modules as PEFT sees them; it would adapt an embedding and fail on the rest. */
function modulesThatAreNotLinear(base: Transformer<Stored>): string[] {
  const blocks = base.blocks.flatMap((_, layer) => {
    const { block, attentionNorm, mlpNorm } = blockPaths(layer);
    return [block, `${block}.self_attn`, `${block}.mlp`, `${block}.mlp.act_fn`, attentionNorm, mlpNorm];
  });
  return ['model', EMBEDDING_PATH, 'model.layers', ...blocks, NORM_PATH, 'model.rotary_emb'];
}

const PREFIX = 'base_model.model.';

const keyOf = (path: string, factor: 'A' | 'B'): string => `${PREFIX}${path}.lora_${factor}.weight`;

/** Refuses every tensor that is not a factor of a targeted module. */
function checkNames(file: SafetensorsFile, base: Transformer<Stored>, targets: Targets): void {
  const paths = new Set(allLinears(base).map(({ path }) => path));
  for (const name of file.tensors.keys()) {
    const label = `${file.path}: ${name}`;
    const factor = /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(name);
    if (factor === null) {
      checkOther(file, name, base);
    } else if (!targets.has(factor[1]!)) {
      const expected = paths.has(factor[1]!) ? 'a module that target_modules selects' : 'a linear layer of the base';
      throw new MismatchError(label, expected, factor[1]!);
    }
  }
}

/**
 * PEFT saves the base's own tables along with a LoRA on one of them, or on a resized one. They must be the base's.
 */
function checkOther(file: SafetensorsFile, name: string, base: Transformer<Stored>): void {
  const label = `${file.path}: ${name}`;
  const table = /^base_model\.model\.(lm_head|model\.embed_tokens)\.(?:base_layer\.)?weight$/.exec(name);
  if (table === null) {
    throw new UnsupportedError(label, 'lora_A.weight or lora_B.weight of a linear layer', 'another tensor');
  }
  const expected = table[1] === HEAD_PATH ? base.head.weight : base.embedding;
  const { shape } = file.tensors.get(name)!;
  if (shape.join() !== expected.shape.join()) {
    throw new MismatchError(label, `the base's shape [${expected.shape.join(', ')}]`, `[${shape.join(', ')}]`);
  }
  if (!sameValues(file.read(name), expected)) throw new MismatchError(label, "the base's values", 'others');
}

function readFactor(file: SafetensorsFile, path: string, factor: 'A' | 'B', shape: readonly number[]): Stored {
  const name = keyOf(path, factor);
  const label = `${file.path}: ${name}`;
  const entry = file.tensors.get(name);
  if (entry === undefined)
    throw new MismatchError(label, 'a tensor, because target_modules selects the module', 'none');
  if (entry.shape.join() !== shape.join()) {
    throw new MismatchError(label, `shape [${shape.join(', ')}]`, `[${entry.shape.join(', ')}]`);
  }
  return file.read(name);
}
