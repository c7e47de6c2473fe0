/**
 * Rotary embedding in `config.json`, in both spellings: `rope_theta` and `rope_scaling` (transformers 4) or
 * `rope_parameters` (transformers 5).
 * @packageDocumentation
 */
import { ConflictError, FormatError, UnsupportedError } from '../../errors.ts';
import type { RopeConfig, RopeScaling } from '../../model/config.ts';
import { ln } from '../../numerics/elementary.ts';
import { Fields } from '../fields.ts';
import { isObject, kindOf } from '../json.ts';

const DEFAULT_THETA = 10000;
const WHOLE = { key: 'partial_rotary_factor', fallback: 1 };
const TYPES: readonly RopeType[] = ['default', 'linear', 'llama3', 'yarn'];
type RopeType = RopeScaling['type'];

/** Where families differ. */
export interface RopeTraits {
  /** Base when none is given. Default: 10000. */
  readonly theta?: number;
  /** The family may turn a part of each head, which {@link readTurnedPart} reads. Default: false. */
  readonly partial?: boolean;
  /** Types that the family may have. Default: all but longrope. */
  readonly types?: readonly RopeType[];
  /** Context length in pre-training when the top does not give it, whatever the parameters say. */
  readonly originalContext?: number;
  /** `rope_parameters` holds an object per type of layer; these are of this type. Default: it holds the parameters. */
  readonly layerType?: LayerType;
  /** Key of the base at the top. Default: `rope_theta`. */
  readonly thetaKey?: string;
  /**
   * Key at the top of the part of each head that is turned, and what it is when none is given. Default:
   * `partial_rotary_factor`, 1.
   */
  readonly part?: { readonly key: string; readonly fallback: number };
  /** `rope_scaling` is about these layers. Default: true. */
  readonly scaled?: boolean;
}

/** The kinds of attention that `layer_types` may list. */
export type LayerType = 'full_attention' | 'sliding_attention';

/**
 * Base and scaling of the rotary embedding. A `rope_theta` among the parameters wins over one at the top; for the
 * types that need it, an `original_max_position_embeddings` at the top wins over one among the parameters, and the
 * context length stands in for both.
 * @throws {@link ConflictError} when both spellings are used and say different things; {@link UnsupportedError} for
 * other rope types and unknown parameters; {@link FormatError} for values that are missing or out of range.
 * @source transformers `modeling_rope_utils.py` (`convert_rope_params_to_dict`, `standardize_rope_params`)
 */
export function readRope(config: Fields, contextLength: number, traits: RopeTraits = {}): RopeConfig {
  const { old, current, used } = spellings(config, traits);
  if (traits.partial !== true) config.only('partial_rotary_factor', 1);
  const rope = readSpelling(config, used, contextLength, traits);
  if (old !== null && current !== null && !same(readSpelling(config, current, contextLength, traits), rope)) {
    throw new ConflictError(current.label, 'the same as rope_scaling, which transformers prefers', 'something else');
  }
  return rope;
}

/**
 * The part of each head that is turned, from the first dimension on: `partial_rotary_factor`, which counts among the
 * parameters before it counts at the top.
 * @throws {@link FormatError} when it is not a number above 0 and of at most 1.
 */
export function readTurnedPart(config: Fields, { part = WHOLE }: RopeTraits = {}): number {
  const bounds = { above: 0, most: 1 };
  const { used } = spellings(config, {});
  return used.number('partial_rotary_factor', config.number(part.key, part.fallback, bounds), bounds);
}

/**
 * How many dimensions of a head are turned, by {@link readTurnedPart}, rounded down.
 * @throws {@link FormatError} when it is not an even number above 0.
 */
export function readTurnedDimensions(config: Fields, headSize: number, traits: RopeTraits = {}): number {
  const turned = Math.floor(headSize * readTurnedPart(config, traits));
  if (turned > 0 && turned % 2 === 0) return turned;
  const expected = `an even number of the ${headSize} dimensions of a head`;
  throw new FormatError(config.labelOf((traits.part ?? WHOLE).key), expected, `${turned}`);
}

function spellings(
  config: Fields,
  { layerType, scaled = true }: RopeTraits,
): { old: Fields | null; current: Fields | null; used: Fields } {
  const old = scaled ? nonEmpty(config, 'rope_scaling') : null;
  const all = nonEmpty(config, 'rope_parameters');
  const current = layerType === undefined || all === null ? all : ofLayers(all, layerType);
  return { old, current, used: old ?? current ?? new Fields(config.labelOf('rope_parameters'), {}) };
}

/** The parameters of one type of layer, of those of both. */
function ofLayers(all: Fields, layerType: LayerType): Fields | null {
  all.ignore(['full_attention', 'sliding_attention']);
  all.refuseUnknown();
  return all.section(layerType);
}

/** Both come from one function, so equal ones have their keys in one order. */
function same(one: RopeConfig, other: RopeConfig): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function readSpelling(config: Fields, rope: Fields, contextLength: number, traits: RopeTraits): RopeConfig {
  const { theta: fallback = DEFAULT_THETA, thetaKey = 'rope_theta', partial = false, types = TYPES } = traits;
  if (partial) rope.ignore(['partial_rotary_factor']);
  else rope.only('partial_rotary_factor', 1);
  const theta = rope.number('rope_theta', config.number(thetaKey, fallback, { above: 0 }), { above: 0 });
  const type = readType(rope, types);
  const inParameters =
    type === 'llama3' || type === 'yarn'
      ? rope.integer('original_max_position_embeddings', contextLength, { least: 1 })
      : contextLength;
  const original = config.integer('original_max_position_embeddings', traits.originalContext ?? inParameters, {
    least: 1,
  });
  const scaling = readScaling(type, rope, theta, original, contextLength);
  rope.ignore(['finetuned', 'original_max_position_embeddings']);
  rope.refuseUnknown();
  return { theta, scaling };
}

/** transformers takes an empty object for none. */
function nonEmpty(config: Fields, key: string): Fields | null {
  const value = config.raw(key);
  return isObject(value) && Object.keys(value).length === 0 ? null : config.section(key);
}

function readType(rope: Fields, types: readonly RopeType[]): RopeType {
  const alias = rope.string('type', 'default');
  const type = rope.string('rope_type', alias);
  if (rope.has('type') && alias !== type) throw new ConflictError(rope.labelOf('type'), type, alias);
  const known = types.find((one) => one === type || (one === 'longrope' && type === 'su')); // its first name
  if (known === undefined) throw new UnsupportedError(rope.labelOf('rope_type'), listed(types), type);
  return known;
}

function listed(types: readonly string[]): string {
  return types.length < 2 ? types.join('') : `${types.slice(0, -1).join(', ')} or ${types.at(-1)}`;
}

function readScaling(
  type: RopeType,
  rope: Fields,
  theta: number,
  original: number,
  contextLength: number,
): RopeScaling {
  switch (type) {
    case 'default':
      rope.ignore(['factor']);
      return { type };
    case 'linear':
      return { type, factor: rope.number('factor', undefined, { above: 0 }) };
    case 'llama3':
      return readLlama3(rope, original);
    case 'yarn':
      if (theta <= 1) throw new FormatError(rope.labelOf('rope_theta'), 'a number above 1 for yarn', `${theta}`);
      return readYarn(rope, original, contextLength);
    case 'longrope':
      return readLongrope(rope, original, contextLength);
  }
}

function readLlama3(rope: Fields, originalContext: number): RopeScaling {
  const lowFrequencyFactor = rope.number('low_freq_factor', undefined, { above: 0 });
  return {
    type: 'llama3',
    factor: rope.number('factor', undefined, { above: 0 }),
    lowFrequencyFactor,
    highFrequencyFactor: rope.number('high_freq_factor', undefined, { above: lowFrequencyFactor }),
    originalContext,
  };
}

/**
 * YaRN. `attentionFactor` is the given one, or `m(mscale) / m(mscale_all_dim)` when both are given, else `m(1)`, with
 * `m(k) = 0.1 k ln(factor) + 1`, and 1 for factors up to 1. A zero counts as absent, as it does in the source, and a
 * null for `truncate` as false.
 * @source transformers `modeling_rope_utils.py` (`_compute_yarn_parameters`)
 */
function readYarn(rope: Fields, originalContext: number, contextLength: number): RopeScaling {
  if (!rope.has('factor')) throw new FormatError(rope.labelOf('factor'), 'a number above 0', 'nothing');
  const factor = rope.number('factor', contextLength / originalContext, { above: 0 });
  const magnitude = (k: number): number => (factor <= 1 ? 1 : 0.1 * k * ln(factor) + 1);
  const scale = rope.number('mscale', 0);
  const scaleAllDimensions = rope.number('mscale_all_dim', 0);
  const both = scale !== 0 && scaleAllDimensions !== 0;
  const computed = both ? magnitude(scale) / magnitude(scaleAllDimensions) : magnitude(1);
  return {
    type: 'yarn',
    factor,
    betaFast: rope.number('beta_fast', 32, { least: 0 }) || 32,
    betaSlow: rope.number('beta_slow', 1, { least: 0 }) || 1,
    attentionFactor: rope.number('attention_factor', Number.isFinite(computed) ? computed : 1),
    truncate: rope.raw('truncate') !== null && rope.boolean('truncate', true),
    originalContext,
  };
}

/**
 * LongRoPE, with the factors of texts within the original context. `attentionFactor` is the given one, or
 * `sqrt(1 + ln(factor) / ln(original))`, and 1 for factors up to 1.
 * @source transformers `modeling_rope_utils.py` (`_compute_longrope_parameters`)
 */
function readLongrope(rope: Fields, originalContext: number, contextLength: number): RopeScaling {
  const factor = rope.number('factor', contextLength / originalContext, { above: 0 });
  const computed = factor <= 1 ? 1 : Math.sqrt(1 + ln(factor) / ln(originalContext));
  readFactors(rope, 'long_factor'); // of longer texts
  return {
    type: 'longrope',
    shortFactors: readFactors(rope, 'short_factor'),
    attentionFactor: rope.number('attention_factor', computed),
    originalContext,
  };
}

function readFactors(rope: Fields, key: string): readonly number[] {
  const value = rope.raw(key);
  if (Array.isArray(value) && value.every((n) => typeof n === 'number' && n > 0)) return value;
  throw new FormatError(rope.labelOf(key), 'a list of numbers above 0', kindOf(value));
}
