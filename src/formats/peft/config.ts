/**
 * `adapter_config.json` of a PEFT LoRA.
 * @packageDocumentation
 */
import { ConflictError, FormatError, UnsupportedError } from '../../errors.ts';
import { quoted } from '../../quoted.ts';
import { Fields } from '../fields.ts';
import { type JsonObject, kindOf } from '../json.ts';

/** What the result depends on. */
export interface LoraConfig {
  /** The file, for error messages. */
  readonly label: string;
  readonly baseName: string | null;
  readonly rank: number;
  readonly alpha: number;
  /** rsLoRA: alpha / sqrt(r) instead of alpha / r. */
  readonly rankStabilized: boolean;
  /** A regular expression, `all-linear`, or names and suffixes of names. */
  readonly targets: string | readonly string[];
  readonly excluded: string | readonly string[];
  /** Whose biases were trained along: of no module, of those with a LoRA, or of all. */
  readonly biases: 'none' | 'lora_only' | 'all';
  /** Whether the weights of the base are claimed to be [in, out]. */
  readonly fanInFanOut: boolean;
  /** Ranks of modules that match a regular expression; the first hit wins. */
  readonly rankPattern: readonly (readonly [pattern: string, rank: number])[];
  readonly alphaPattern: readonly (readonly [pattern: string, alpha: number])[];
  /** Only blocks with these numbers; null is all. */
  readonly layers: readonly number[] | null;
  /** Names of the lists of blocks that the numbers count; none is the first numbered list of the path. */
  readonly layerLists: readonly string[];
}

/**
 * What PEFT targets in models of most families when a file names no targets.
 * @source huggingface/peft `utils/constants.py`
 */
export const DEFAULT_LORA_TARGETS: readonly string[] = ['q_proj', 'v_proj'];

/**
 * Keys without effect on the result. The `*_config` ones belong to ways of initialising that do not outlive training;
 * `qalora_group_size` and `megatron_core` mean nothing without their switches, which are refused.
 * @source huggingface/peft 0.21 `tuners/lora/config.py`, `config.py`
 */
const IGNORED = [
  ...['auto_mapping', 'inference_mode', 'lora_dropout', 'peft_version', 'revision', 'task_type', 'runtime_config'],
  ...['corda_config', 'eva_config', 'loftq_config', 'lora_ga_config', 'megatron_core', 'qalora_group_size'],
];

/** Keys that change the result and are not implemented, with the values that leave them off. */
const REFUSED: readonly (readonly [key: string, ...off: unknown[]])[] = [
  ['alora_invocation_tokens'],
  ['arrow_config'],
  ['enable_lora'],
  ['ensure_weight_tying', false],
  ['kasa_config'],
  ['layer_replication', []],
  ['lora_bias', false],
  ['megatron_config'],
  ['merge_weights', false],
  ['modules_to_save', []],
  ['monteclora_config'],
  ['target_parameters', []],
  ['trainable_token_indices', [], {}],
  ['use_bdlora', false],
  ['use_dora', false],
  ['use_qalora', false],
  ['velora_config'],
];

/**
 * Reads a parsed `adapter_config.json`.
 * @param defaultTargets what PEFT targets in models of the base's family.
 * @throws {@link UnsupportedError} naming the option that is unknown or not implemented; {@link FormatError} for wrong
 * values; {@link ConflictError} for options that exclude each other.
 */
export function readLoraConfig(label: string, object: JsonObject, defaultTargets = DEFAULT_LORA_TARGETS): LoraConfig {
  const fields = new Fields(label, object, 'PEFT option ');
  const type = fields.string('peft_type');
  if (type !== 'LORA') throw new UnsupportedError(`${label}: peft_type`, 'LORA', quoted(type));
  for (const [key, ...off] of REFUSED) fields.only(key, ...off);
  checkInitialisation(fields);
  const config: LoraConfig = {
    label,
    baseName: fields.raw('base_model_name_or_path') == null ? null : fields.string('base_model_name_or_path'),
    rank: fields.integer('r', 8, { least: 1 }),
    alpha: fields.number('lora_alpha', 8),
    rankStabilized: fields.boolean('use_rslora', false),
    targets: readNames(fields, 'target_modules') ?? defaultTargets,
    excluded: readNames(fields, 'exclude_modules') ?? [],
    biases: readBiases(fields),
    fanInFanOut: fields.boolean('fan_in_fan_out', false),
    rankPattern: readPattern(fields, 'rank_pattern', (section, key) => section.integer(key, undefined, { least: 1 })),
    alphaPattern: readPattern(fields, 'alpha_pattern', (section, key) => section.number(key)),
    layers: readLayers(fields),
    layerLists: readLayerLists(fields),
  };
  checkConflicts(config);
  fields.ignore(IGNORED);
  fields.refuseUnknown();
  return config;
}

function checkConflicts({ label, targets, layers, layerLists }: LoraConfig): void {
  if (layers !== null && typeof targets === 'string') {
    throw new ConflictError(`${label}: layers_to_transform`, 'a list of target_modules', 'a regular expression');
  }
  if (layers === null && layerLists.length > 0) {
    throw new ConflictError(`${label}: layers_pattern`, 'layers_to_transform with it', 'none');
  }
}

/**
 * Ways of initialising that leave the base alone. The others (pissa, olora, corda, loftq, lora_ga, mica) take a part of
 * the base into A and B: such an adapter belongs to a base that no file holds, unless PEFT converts it on saving.
 */
function checkInitialisation(fields: Fields): void {
  const way = fields.raw('init_lora_weights') ?? true;
  if ([true, false, 'gaussian', 'eva', 'orthogonal'].includes(way as string | boolean)) return;
  const expected =
    'an initialisation that leaves the base as it is (PEFT converts others to a plain LoRA: save_pretrained with path_initial_model_for_weight_conversion)';
  throw new UnsupportedError(fields.labelOf('init_lora_weights'), expected, kindOf(way));
}

function readBiases(fields: Fields): LoraConfig['biases'] {
  const value = fields.string('bias', 'none');
  if (value === 'none' || value === 'lora_only' || value === 'all') return value;
  throw new FormatError(fields.labelOf('bias'), 'none, lora_only or all', quoted(value));
}

/** A string or a list of strings; null when absent. */
function readNames(fields: Fields, key: string): string | string[] | null {
  const value = fields.raw(key) ?? null;
  if (value === null || typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw new FormatError(fields.labelOf(key), 'a string or a list of strings', kindOf(value));
}

function readPattern(
  fields: Fields,
  key: string,
  read: (section: Fields, key: string) => number,
): (readonly [string, number])[] {
  const section = fields.section(key);
  if (section === null) return [];
  return Object.keys(section.object).map((pattern) => [pattern, read(section, pattern)] as const);
}

function readLayers(fields: Fields): number[] | null {
  const value = fields.raw('layers_to_transform') ?? null;
  if (value === null) return null;
  const layers: unknown[] = Array.isArray(value) ? value : [value];
  if (!layers.every((layer) => Number.isSafeInteger(layer))) {
    throw new FormatError(fields.labelOf('layers_to_transform'), 'an integer or a list of integers', kindOf(value));
  }
  return layers.length === 0 ? null : (layers as number[]);
}

/** PEFT takes these as regular expressions; only plain names are implemented. */
function readLayerLists(fields: Fields): string[] {
  const names = readNames(fields, 'layers_pattern') ?? [];
  const list = (typeof names === 'string' ? [names] : names).filter((name) => name !== '');
  const odd = list.find((name) => !/^\w+$/.test(name));
  if (odd === undefined) return list;
  throw new UnsupportedError(fields.labelOf('layers_pattern'), 'plain names', quoted(odd));
}
