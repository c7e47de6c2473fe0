/**
 * What the Gemma families have in common: the keys of their `config.json`, and their changes of Llama.
 * @packageDocumentation
 */
import type { Attention } from '../../model/attention.ts';
import type { Block } from '../../model/block.ts';
import type { Window } from '../../model/layout.ts';
import type { NormOptions } from '../../ops/ops.ts';
import { type Architecture, type Declared, declareRmsNorm } from '../checkpoint/declared.ts';
import type { Fields } from '../fields.ts';
import { attentionBias, type FamilyTraits, readLayerTypes, readLlamaShape, slidingWindow } from './family.ts';
import { type LlamaShape, llamaArchitecture } from './llama-layout.ts';

const DEFAULT_WINDOW = 4096;
const DEFAULT_SCALAR = 256;

/** Gains are stored as their distance from 1. */
export const ONE_PLUS: NormOptions = { offset: 1 };

/**
 * The keys that Gemma families share.
 * @param slides whether a layer has a window when `layer_types` does not say so.
 * @throws {@link FormatError} when a value is missing, of the wrong type or out of range; {@link UnsupportedError} when
 * it asks for something that is not implemented.
 */
export function readGemmaShape(
  fields: Fields,
  traits: Pick<FamilyTraits, 'modelType' | 'contextLength' | 'rope'>,
  slides: (layer: number) => boolean,
): LlamaShape {
  fields.only('use_bidirectional_attention', false);
  fields.ignore(['hidden_act', 'cache_implementation', 'sliding_window_size']); // transformers looks at none of them
  return readLlamaShape(fields, {
    ...traits,
    keyValueHeads: 4,
    headSize: 256,
    tied: true,
    activation: { key: 'hidden_activation', names: ['gelu_pytorch_tanh'] },
    bias: attentionBias,
    windows: (_, layers) => readWindows(fields, layers, slides),
  });
}

function readWindows(fields: Fields, layers: number, slides: (layer: number) => boolean): (Window | null)[] {
  const types = readLayerTypes(fields, layers);
  const sliding = Array.from({ length: layers }, (_, i) => types?.[i] ?? (slides(i) ? 'sliding_attention' : null));
  const inUse = sliding.includes('sliding_attention') && fields.has('sliding_window');
  const size = fields.integer('sliding_window', inUse ? undefined : DEFAULT_WINDOW, { least: 1 });
  const window = slidingWindow(size);
  return sliding.map((type) => (type === 'sliding_attention' ? window : null));
}

/** A soft cap; null means no cap. @throws {@link FormatError} when it is not a number above 0. */
export function readCap(fields: Fields, key: string, absent: number | null): number | null {
  const value = fields.raw(key);
  if (value === null || (value === undefined && absent === null)) return null;
  return fields.number(key, absent ?? undefined, { above: 0 });
}

/**
 * The architecture of Gemma: Llama with norms before and after both parts of a block, `1 + gain`, GELU, a separate
 * scale on the scores, embeddings times `sqrt(D)` and a soft cap on logits.
 * @param attention makes a family's attention out of Llama's.
 * @throws {@link FormatError} when `query_pre_attn_scalar` is not a number above 0; {@link NonFiniteError} when a
 * rotary frequency overflows.
 * @source transformers `models/gemma2/modeling_gemma2.py`
 */
export function gemmaArchitecture(
  fields: Fields,
  shape: LlamaShape,
  softCap: number | null,
  attention: (attention: Attention<Declared>) => Attention<Declared>,
): Architecture {
  const scale = 1 / Math.sqrt(fields.number('query_pre_attn_scalar', DEFAULT_SCALAR, { above: 0 }));
  const norm = (path: string) => declareRmsNorm(path, shape.hiddenSize, shape.normEpsilon, ONE_PLUS);
  const block = ({ path, feedForward, attention: plain, ...rest }: Block<Declared>): Block<Declared> => ({
    ...rest,
    path,
    norms: {
      beforeAttention: norm(`${path}.input_layernorm`),
      afterAttention: norm(`${path}.post_attention_layernorm`),
      beforeFeedForward: norm(`${path}.pre_feedforward_layernorm`),
      afterFeedForward: norm(`${path}.post_feedforward_layernorm`),
    },
    attention: attention({ ...plain, shape: { ...plain.shape, scale } }),
    feedForward: feedForward.kind === 'experts' ? feedForward : { ...feedForward, activation: 'geluTanh' },
  });
  return llamaArchitecture(shape, {
    block,
    model: (model) => ({
      ...model,
      embedding: { ...model.embedding, scale: Math.sqrt(shape.hiddenSize) },
      norm: norm('model.norm'),
      logits: { scale: 1, softCap },
    }),
  });
}
