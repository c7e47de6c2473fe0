/**
 * Llama: its parts, and where a checkpoint keeps their weights. Most families are this with a few changes.
 * @packageDocumentation
 */
import type { Block } from '../../model/block.ts';
import type { ModelConfig, RopeConfig } from '../../model/config.ts';
import type { Window } from '../../model/layout.ts';
import type { Linear } from '../../model/linear.ts';
import type { Projection } from '../../model/projection.ts';
import { type Rotary, rotaryOf } from '../../model/rope.ts';
import type { Transformer } from '../../model/weights.ts';
import { type Architecture, type Declared, declare, declareLinear, declareRmsNorm } from '../checkpoint/declared.ts';

/** The numbers of a model with the parts of Llama. */
export interface LlamaShape extends ModelConfig {
  /** F */
  readonly mlpSize: number;
  readonly layers: number;
  /** H */
  readonly heads: number;
  /** Hkv */
  readonly keyValueHeads: number;
  /** Dh */
  readonly headSize: number;
  readonly normEpsilon: number;
  readonly rope: RopeConfig;
  /** Dimensions of a head that are turned. Default: all. */
  readonly turned?: number;
  readonly bias: { readonly queryKeyValue: boolean; readonly attentionOutput: boolean; readonly mlp: boolean };
  /** Per layer: what a token sees; null is all. */
  readonly windows: readonly (Window | null)[];
}

/** What a family changes in Llama. */
export interface LlamaChanges {
  /** Makes the family's block out of Llama's. */
  readonly block?: (block: Block<Declared>, layer: number) => Block<Declared>;
  /** Makes the family's model out of Llama's. */
  readonly model?: (model: Transformer<Declared>) => Transformer<Declared>;
}

/**
 * The architecture of Llama with these numbers and changes: RMS norms before attention and a gated feed-forward
 * network, rotary embedding, residuals one after the other.
 * @throws {@link NonFiniteError} when a rotary frequency overflows.
 * @source transformers `models/llama/modeling_llama.py`
 */
export function llamaArchitecture(shape: LlamaShape, changes: LlamaChanges = {}): Architecture {
  const { vocabularySize, hiddenSize, layers, tiedEmbeddings, normEpsilon } = shape;
  const rotary = rotaryOf(shape.rope, shape.turned ?? shape.headSize);
  const plain = Array.from({ length: layers }, (_, layer) => llamaBlock(shape, layer, rotary));
  const table = declare('model.embed_tokens.weight', [vocabularySize, hiddenSize]);
  const head = declareLinear('lm_head', [vocabularySize, hiddenSize]);
  const model: Transformer<Declared> = {
    config: configOf(shape),
    embedding: { path: 'model.embed_tokens', table, scale: 1, positions: null },
    blocks: plain.map((block, layer) => changes.block?.(block, layer) ?? block),
    norm: declareRmsNorm('model.norm', hiddenSize, normEpsilon),
    head: tiedEmbeddings ? { ...head, weight: table } : head,
    logits: { scale: 1, softCap: null },
    weightless: ['model.rotary_emb', ...plain.map(({ feedForward }) => `${feedForward.path}.act_fn`)],
  };
  return {
    transformer: changes.model?.(model) ?? model,
    prefix: 'model',
    // The rotary frequencies, which follow from the configuration. transformers drops them too.
    harmless: /^(model\.)?(layers\.\d+\.self_attn\.)?rotary_emb\.inv_freq$/,
  };
}

/** What a model's numbers say of it as a whole. */
export function configOf(config: ModelConfig): ModelConfig {
  const { family, vocabularySize, hiddenSize, contextLength, tiedEmbeddings } = config;
  return { family, vocabularySize, hiddenSize, contextLength, tiedEmbeddings };
}

function llamaBlock(shape: LlamaShape, layer: number, rotary: Rotary): Block<Declared> {
  const { hiddenSize, mlpSize, heads, keyValueHeads, headSize, bias, normEpsilon } = shape;
  const path = `model.layers.${layer}`;
  const [attention, mlp] = [`${path}.self_attn`, `${path}.mlp`];
  const input = (name: string, count: number): Projection<Declared> =>
    whole(declareLinear(`${attention}.${name}`, [count * headSize, hiddenSize], { bias: bias.queryKeyValue }));
  return {
    path,
    norms: {
      beforeAttention: declareRmsNorm(`${path}.input_layernorm`, hiddenSize, normEpsilon),
      afterAttention: null,
      beforeFeedForward: declareRmsNorm(`${path}.post_attention_layernorm`, hiddenSize, normEpsilon),
      afterFeedForward: null,
    },
    attention: {
      path: attention,
      shape: { heads, keyValueHeads, headSize },
      window: shape.windows[layer] ?? null,
      rotary,
      query: input('q_proj', heads),
      key: input('k_proj', keyValueHeads),
      value: input('v_proj', keyValueHeads),
      queryNorm: null,
      keyNorm: null,
      sinks: null,
      output: declareLinear(`${attention}.o_proj`, [hiddenSize, heads * headSize], { bias: bias.attentionOutput }),
    },
    feedForward: {
      kind: 'feed-forward',
      path: mlp,
      activation: 'silu',
      gate: whole(declareLinear(`${mlp}.gate_proj`, [mlpSize, hiddenSize], { bias: bias.mlp })),
      up: whole(declareLinear(`${mlp}.up_proj`, [mlpSize, hiddenSize], { bias: bias.mlp })),
      down: declareLinear(`${mlp}.down_proj`, [hiddenSize, mlpSize], { bias: bias.mlp }),
    },
    parallel: false,
    residualScale: 1,
  };
}

/** All outputs of a linear layer. */
export function whole(linear: Linear<Declared>): Projection<Declared> {
  return { linear, columns: null };
}
