/**
 * What the families of decoder-only transformers have in common in their `config.json`.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import type { Window } from '../../model/layout.ts';
import type { Architecture } from '../checkpoint/declared.ts';
import type { Fields } from '../fields.ts';
import { kindOf } from '../json.ts';
import type { LlamaShape } from './llama-layout.ts';
import { type LayerType, type RopeTraits, readRope } from './rope.ts';
import { SIZE_LIMITS } from './sizes.ts';

/** One family: its names, and how its `config.json` says which parts it is made of and where their weights lie. */
export interface Family {
  /** As `model_type` spells it. */
  readonly modelType: string;
  /** Class names in `architectures` that have these weights and this forward pass. */
  readonly architectures: readonly string[];
  /** What PEFT targets when an adapter names nothing. Default: `q_proj` and `v_proj`. */
  readonly loraTargets?: readonly string[];
  /** What else the LM head is called in adapters. Default: nothing else. */
  readonly headAliases?: readonly string[];
  read(fields: Fields): Architecture;
}

/** Where families differ. Absent keys mean what they mean to transformers, which differs by family too. */
export interface FamilyTraits {
  readonly modelType: string;
  /** Default of `max_position_embeddings`. */
  readonly contextLength: number;
  /**
   * Default of an absent `num_key_value_heads`; null is as many as heads, which is also what a null in the file means.
   */
  readonly keyValueHeads: number | null;
  /** Key of the norms' epsilon, and its default. Default: `rms_norm_eps`, 1e-6. */
  readonly epsilon?: { readonly key: string; readonly fallback: number };
  /** Default of `tie_word_embeddings`. Default: false. */
  readonly tied?: boolean;
  readonly rope?: RopeTraits;
  /**
   * Default of an absent `head_dim`, which then may not be null. Default: the hidden size over the number of heads; so
   * is null.
   */
  readonly headSize?: number;
  /**
   * Key of the activation function, and the names of the one that the family has. Default: `hidden_act`, silu or swish.
   */
  readonly activation?: { readonly key: string; readonly names: readonly string[] };
  readonly bias: (fields: Fields) => LlamaShape['bias'];
  readonly windows: (fields: Fields, layers: number, contextLength: number) => LlamaShape['windows'];
}

/**
 * Reads the keys that all families share, and the traits.
 * @throws {@link FormatError} when a value is missing, of the wrong type or out of range; {@link UnsupportedError} when
 * it asks for something that is not implemented.
 */
export function readLlamaShape(fields: Fields, traits: FamilyTraits): LlamaShape {
  const { size } = SIZE_LIMITS;
  const hiddenSize = fields.integer('hidden_size', undefined, size);
  const heads = fields.integer('num_attention_heads', undefined, size);
  const layers = fields.integer('num_hidden_layers', undefined, SIZE_LIMITS.layers);
  const absent = fields.has('num_key_value_heads') ? heads : (traits.keyValueHeads ?? heads);
  const keyValueHeads = fields.integer('num_key_value_heads', absent, size);
  if (heads % keyValueHeads !== 0) {
    throw new FormatError(fields.labelOf('num_key_value_heads'), `a divisor of ${heads} heads`, `${keyValueHeads}`);
  }
  const headSize = readHeadSize(fields, hiddenSize, heads, traits.headSize);
  const contextLength = fields.integer('max_position_embeddings', traits.contextLength, SIZE_LIMITS.context);
  const activation = traits.activation ?? { key: 'hidden_act', names: ['silu', 'swish'] }; // two names of one function
  fields.only(activation.key, ...activation.names);
  const epsilon = traits.epsilon ?? { key: 'rms_norm_eps', fallback: 1e-6 };
  return {
    family: traits.modelType,
    vocabularySize: fields.integer('vocab_size', undefined, size),
    hiddenSize,
    mlpSize: fields.integer('intermediate_size', undefined, size),
    layers,
    heads,
    keyValueHeads,
    headSize,
    contextLength,
    normEpsilon: fields.number(epsilon.key, epsilon.fallback, { least: 0 }),
    rope: readRope(fields, contextLength, traits.rope),
    tiedEmbeddings: fields.boolean('tie_word_embeddings', traits.tied ?? false),
    bias: traits.bias(fields),
    windows: traits.windows(fields, layers, contextLength),
  };
}

function readHeadSize(fields: Fields, hiddenSize: number, heads: number, absent: number | undefined): number {
  const { size } = SIZE_LIMITS;
  const headSize =
    absent === undefined
      ? fields.integer('head_dim', quotient(fields, hiddenSize, heads), size)
      : fields.integer('head_dim', fields.has('head_dim') ? undefined : absent, size);
  if (headSize % 2 !== 0) {
    throw new FormatError(fields.labelOf('head_dim'), 'an even number, for rotary embedding', `${headSize}`);
  }
  return headSize;
}

/** What an absent head size means to most families; checked only when it is absent. */
function quotient(fields: Fields, hiddenSize: number, heads: number): number {
  const given = fields.raw('head_dim') ?? null;
  if (given === null && hiddenSize % heads !== 0) {
    throw new FormatError(fields.labelOf('hidden_size'), `a multiple of ${heads} heads`, `${hiddenSize}`);
  }
  return hiddenSize / heads;
}

/**
 * The list `layer_types`, or null when there is none.
 * @throws {@link FormatError} when it does not list one name per layer; {@link UnsupportedError} for another kind of
 * layer.
 */
export function readLayerTypes(fields: Fields, layers: number): LayerType[] | null {
  const value = fields.raw('layer_types') ?? null;
  if (value === null) return null;
  const label = fields.labelOf('layer_types');
  if (!Array.isArray(value) || value.length !== layers) {
    throw new FormatError(label, `a list of ${layers} names`, kindOf(value));
  }
  return value.map((name) => {
    if (name === 'full_attention' || name === 'sliding_attention') return name;
    throw new UnsupportedError(label, 'full_attention or sliding_attention', kindOf(name));
  });
}

/**
 * Windows of a family whose layers are all alike. Its `layer_types`, which transformers does not look at, must not
 * claim otherwise.
 * @throws {@link UnsupportedError} when they do; {@link FormatError} when they do not list one name per layer.
 */
export function uniformWindows(fields: Fields, layers: number, size: number | null): (Window | null)[] {
  const expected = size === null ? 'full_attention' : 'sliding_attention';
  const other = readLayerTypes(fields, layers)?.find((type) => type !== expected);
  if (other !== undefined)
    throw new UnsupportedError(fields.labelOf('layer_types'), `${expected} in all layers`, other);
  return new Array<Window | null>(layers).fill(slidingWindow(size));
}

/**
 * No window in any layer, of a family that has none.
 * @throws {@link UnsupportedError} when a key asks for one; {@link FormatError} when `layer_types` does not list one
 * name per layer.
 */
export function noWindows(fields: Fields, layers: number): (Window | null)[] {
  fields.only('sliding_window');
  return uniformWindows(fields, layers, null);
}

/**
 * Reads one sliding window for all layers: `sliding_window`, or the fallback when it is absent; null means no window.
 * @throws {@link FormatError} when reading a window below 1; {@link UnsupportedError} when reading `layer_types` that
 * differ.
 */
export function oneWindow(fallback: number | null): FamilyTraits['windows'] {
  return (fields, layers) => {
    fields.ignore(['max_window_layers']);
    const size = fields.has('sliding_window') ? fields.raw('sliding_window') : fallback;
    return uniformWindows(
      fields,
      layers,
      size === null ? null : fields.integer('sliding_window', fallback ?? undefined, { least: 1 }),
    );
  };
}

/** No biases. @throws {@link UnsupportedError} when `attention_bias` or `mlp_bias` asks for some. */
export function noBias(fields: Fields): LlamaShape['bias'] {
  fields.only('attention_bias', false);
  fields.only('mlp_bias', false);
  return { queryKeyValue: false, attentionOutput: false, mlp: false };
}

/** Biases in attention if `attention_bias` says so. @throws {@link UnsupportedError} when `mlp_bias` asks for more. */
export function attentionBias(fields: Fields): LlamaShape['bias'] {
  const attention = fields.boolean('attention_bias', false);
  fields.only('mlp_bias', false);
  return { queryKeyValue: attention, attentionOutput: attention, mlp: false };
}

/**
 * A sliding window of `size` tokens; null means no window. Layers share the object, so that what they see is computed
 * once.
 */
export function slidingWindow(size: number | null): Window | null {
  return size === null ? null : { kind: 'sliding', size };
}
