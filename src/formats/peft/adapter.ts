/**
 * A PEFT LoRA folder to an adapter that fits its base.
 * @packageDocumentation
 */
import type { Adapter, LowRank } from '../../adapters/lora.ts';
import { MismatchError, UnsupportedError } from '../../errors.ts';
import { allLinears, otherModules } from '../../model/modules.ts';
import type { Transformer } from '../../model/weights.ts';
import type { Stored } from '../../numerics/stored.ts';
import { matrixShape } from '../../numerics/tensor.ts';
import { quoted } from '../../quoted.ts';
import { sameValues } from '../checkpoint/same-values.ts';
import { headAliasesOf, loraTargetsOf } from '../families/index.ts';
import { type Folder, labelIn } from '../folder/folder.ts';
import { readJson } from '../json.ts';
import { type TensorRules, type TensorSource, type Tensors, wholeTensors } from '../tensors.ts';
import { openWeightsFile } from '../weights-file.ts';
import { type LoraConfig, readLoraConfig } from './config.ts';
import { isRoundedCopy } from './rounded-copy.ts';
import { isAllLinear, scaleRule, targetTest } from './targets.ts';

/** Names of a PEFT folder's two files. */
export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** An adapter and the base that it says it was trained on. */
export interface LoadedLora {
  readonly adapter: Adapter<Stored>;
  readonly baseName: string | null;
  readonly warnings: readonly string[];
}

/**
 * Loads a PEFT LoRA. The modules with tensors must be exactly those that PEFT would adapt.
 * @throws {@link MissingFileError}, {@link FormatError}, {@link NonFiniteError} for missing or broken files;
 * {@link UnsupportedError} naming an option, a tensor or a pickle file that is not implemented; {@link MismatchError}
 * naming the module that does not fit the base.
 */
export function loadLora(folder: Folder, base: Transformer<Stored>): LoadedLora {
  const configPath = labelIn(folder, ADAPTER_CONFIG);
  const config = readLoraConfig(configPath, readJson(folder, ADAPTER_CONFIG), loraTargetsOf(base.config.family));
  const file = openWeightsFile(folder, ADAPTER_WEIGHTS);
  try {
    const head = headName(config, base, file);
    const { updates, warnings } = readLora(config, file, { ...base, head: { ...base.head, path: head } });
    const inTheBase = [...updates].map(([path, update]) => [path === head ? base.head.path : path, update] as const);
    return { adapter: { name: folder.name, updates: new Map(inTheBase) }, baseName: config.baseName, warnings };
  } finally {
    file.close();
  }
}

/** What the adapter calls the LM head: by its tensors, or else by its targets. */
function headName(config: LoraConfig, { config: { family }, head }: Transformer<Stored>, file: TensorSource): string {
  const names = [head.path, ...headAliasesOf(family)];
  const stored = [...file.tensors.keys()];
  const held = names.find((name) => stored.some((tensor) => tensor.startsWith(`${PREFIX}${name}.`)));
  return held ?? names.find(targetTest(config, () => true)) ?? head.path;
}

interface Read {
  readonly updates: Map<string, LowRank<Stored>>;
  readonly warnings: string[];
}

/** @param base with the adapter's name for the head. */
function readLora(
  config: LoraConfig,
  file: TensorSource & { readonly label: string },
  base: Transformer<Stored>,
): Read {
  const targets = targetedModules(config, base);
  checkBiases(config, base, targets);
  const tensors = wholeTensors(file, LORA_RULES);
  const updates = readUpdates(config, tensors, targets);
  const untransposed = allLinears(base).some(({ path, transposed }) => targets.has(path) && transposed !== true);
  const warnings =
    config.fanInFanOut && untransposed
      ? [`${config.label}: fan_in_fan_out is ignored for layers whose weights do not lie transposed, as PEFT does`]
      : [];
  const { path: headPath } = base.head;
  const ownHead = readTables(tensors, base, targets.has(headPath));
  if (ownHead !== null) {
    updates.set(headPath, { ...updates.get(headPath)!, weight: ownHead });
    warnings.push(`${file.label}: the LM head was saved rounded; as PEFT does, the adapter uses it so`);
  }
  refuseOthers(tensors, new Set(allLinears(base).map(({ path }) => path)));
  return { updates, warnings };
}

/** The targeted modules and their sizes. */
export type Targets = ReadonlyMap<string, readonly [outputs: number, inputs: number]>;

/** The linear layers that PEFT would adapt, with their shapes. */
function targetedModules(config: LoraConfig, base: Transformer<Stored>): Targets {
  const isTarget = targetTest(config, (path) => path === base.head.path);
  const label = `${config.label}: target_modules`;
  if (!isAllLinear(config)) {
    for (const path of otherModules(base)) {
      if (isTarget(path)) throw new UnsupportedError(label, 'linear layers only', path);
    }
  }
  const targets = allLinears(base).filter(({ path }) => isTarget(path));
  if (targets.length === 0) throw new MismatchError(label, 'modules of the base', 'none that the base has');
  return new Map(targets.map(({ path, weight }) => [path, matrixShape(path, weight)]));
}

/**
 * Biases that were trained along replace the base's, which is not implemented; where there is none, nothing was
 * trained.
 */
function checkBiases({ label, biases }: LoraConfig, base: Transformer<Stored>, targets: Targets): void {
  if (biases === 'none') return;
  const trained = allLinears(base).find(({ path, bias }) => bias !== null && (biases === 'all' || targets.has(path)));
  if (trained === undefined) return;
  const expected = '"none", because the base has biases (nothing else is implemented)';
  throw new UnsupportedError(`${label}: PEFT option bias`, expected, quoted(biases));
}

/** Every factor of a targeted module must be there, with the base's sizes. */
export const LORA_RULES: TensorRules = {
  missing: { error: MismatchError, because: ', because target_modules selects the module' },
  misfit: { error: MismatchError, because: '' },
};

const PREFIX = 'base_model.model.';

/**
 * The factors of all targeted modules.
 * @throws {@link MismatchError} for a missing factor or a wrong shape; and as reading a tensor does.
 */
export function readUpdates<W>(config: LoraConfig, tensors: Tensors<W>, targets: Targets): Map<string, LowRank<W>> {
  const scaleOf = scaleRule(config);
  const updates = new Map<string, LowRank<W>>();
  for (const [path, [outputs, inputs]] of targets) {
    const { rank, scale } = scaleOf(path);
    const a = tensors.read(`${PREFIX}${path}.lora_A.weight`, [rank, inputs]);
    updates.set(path, { a, b: tensors.read(`${PREFIX}${path}.lora_B.weight`, [outputs, rank]), scale });
  }
  return updates;
}

/**
 * Refuses every tensor that is not a factor of a targeted module.
 * @param paths the linear layers that there are.
 * @throws {@link MismatchError} for the factor of another module, {@link UnsupportedError} for any other tensor.
 */
export function refuseOthers<W>(
  tensors: Tensors<W>,
  paths: ReadonlySet<string>,
  isHarmless?: (name: string) => boolean,
): void {
  tensors.refuseUnknown((label, name) => {
    const path = moduleOf(name);
    if (path === null)
      return new UnsupportedError(label, 'lora_A.weight or lora_B.weight of a linear layer', 'another tensor');
    const expected = paths.has(path) ? 'a module that target_modules selects' : 'a linear layer of the base';
    return new MismatchError(label, expected, path);
  }, isHarmless);
}

/** The path of the module whose factor a tensor is, or null. */
function moduleOf(name: string): string | null {
  return /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(name)?.[1] ?? null;
}

/** The paths of the modules whose factors a source holds. */
export function modulesOf(source: TensorSource | null): ReadonlySet<string> {
  const paths = [...(source?.tensors.keys() ?? [])].map(moduleOf);
  return new Set(paths.filter((path) => path !== null));
}

/**
 * The targeted modules among those whose factors a source holds, with the sizes that the factors show: for checks
 * without a base.
 * @throws {@link MismatchError} when there is none; and as {@link targetTest} does.
 */
export function targetedIn(config: LoraConfig, source: TensorSource): Targets {
  const isTarget = targetTest(config, (path) => !path.includes('.'));
  const sizeOf = (path: string, factor: 'A' | 'B', axis: number): number =>
    source.tensors.get(`${PREFIX}${path}.lora_${factor}.weight`)?.shape[axis] ?? 0;
  const paths = [...modulesOf(source)].filter(isTarget);
  if (paths.length === 0) throw new MismatchError(`${config.label}: target_modules`, 'modules with tensors', 'none');
  return new Map(paths.map((path) => [path, [sizeOf(path, 'B', 0), sizeOf(path, 'A', 1)]]));
}

/**
 * Whether a tensor is the copy of a table of the base, which PEFT saves along with a LoRA on it: a weight outside the
 * layers.
 */
export function isTableOfBase(name: string): boolean {
  return name.startsWith(PREFIX) && moduleOf(name) === null && name.endsWith('.weight') && !/\.\d+\./.test(name);
}

const tableNames = (path: string): string[] => [`${PREFIX}${path}.weight`, `${PREFIX}${path}.base_layer.weight`];

/**
 * Copies of the base's tables must be the base's. One exception: PEFT replaces the base's LM head by the copy if it has
 * a LoRA, so a copy that was rounded by saving it in a narrower type is used as it is.
 * @returns the LM head that the adapter brings, or null when it is the base's own.
 */
function readTables(tensors: Tensors<Stored>, base: Transformer<Stored>, headIsTarget: boolean): Stored | null {
  let own: Stored | null = null;
  const { head, embedding } = base;
  for (const [path, expected] of [
    [head.path, head.weight],
    [embedding.path, embedding.table],
  ] as const) {
    for (const name of tableNames(path)) {
      if (!tensors.has(name)) continue;
      const copy = tensors.read(name, expected.shape);
      if (sameValues(copy, expected)) continue;
      const replaces =
        headIsTarget && name === `${PREFIX}${head.path}.base_layer.weight` && isRoundedCopy(copy, expected);
      if (!replaces) throw new MismatchError(tensors.labelOf(name), "the base's values", 'others');
      if (base.config.tiedEmbeddings) {
        const label = tensors.labelOf(name);
        throw new UnsupportedError(label, "the base's values, because it ties its tables", 'rounded ones');
      }
      own = copy;
    }
  }
  return own;
}
