import type { JsonObject } from '../json.ts';
import { llama } from './llama.ts';
import type { LlamaShape } from './llama-layout.ts';

/**
 * `config.json` of a Llama of a shape without windows, scaled positions or biases: what reading it gives is the shape.
 * @param dtype the width of its weights, as transformers spells it.
 */
export function llamaConfig(shape: LlamaShape, dtype: string, special: { bos: number; eos: number }): JsonObject {
  return {
    architectures: [llama.architectures[0]],
    attention_bias: false,
    bos_token_id: special.bos,
    eos_token_id: special.eos,
    head_dim: shape.headSize,
    hidden_act: 'silu',
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.mlpSize,
    max_position_embeddings: shape.contextLength,
    mlp_bias: false,
    model_type: llama.modelType,
    num_attention_heads: shape.heads,
    num_hidden_layers: shape.layers,
    num_key_value_heads: shape.keyValueHeads,
    rms_norm_eps: shape.normEpsilon,
    rope_theta: shape.rope.theta,
    tie_word_embeddings: shape.tiedEmbeddings,
    torch_dtype: dtype,
    vocab_size: shape.vocabularySize,
  };
}

/** The shape of a small Llama that every engine can run: heads of 32, as wide as the model, nothing optional. */
export function plainLlama(
  vocabularySize: number,
  hiddenSize: number,
  { layers, contextLength }: { readonly layers: number; readonly contextLength: number },
): LlamaShape {
  return {
    family: llama.modelType,
    vocabularySize,
    hiddenSize,
    mlpSize: hiddenSize,
    layers,
    heads: hiddenSize / 32,
    keyValueHeads: hiddenSize / 32,
    headSize: 32,
    contextLength,
    normEpsilon: 1e-6,
    rope: { theta: 10_000, scaling: { type: 'default' } },
    tiedEmbeddings: false,
    bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
    windows: Array.from({ length: layers }, () => null),
  };
}
