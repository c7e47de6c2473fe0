import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { numbersOf } from '../../../support/architecture.ts';

/** The least that a config.json must say. */
const least = {
  model_type: 'qwen3',
  vocab_size: 32,
  hidden_size: 18,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
};
const read = (changes: Record<string, unknown> = {}) => readArchitecture('config.json', { ...least, ...changes });

describe('qwen3', () => {
  it('what is left out means what it means to transformers', () => {
    expect(numbersOf(read())).toEqual({
      ...{ family: 'qwen3', vocabularySize: 32, hiddenSize: 18, mlpSize: 24, layers: 2, heads: 4, keyValueHeads: 2 },
      ...{ headSize: 128, contextLength: 32768, normEpsilon: 1e-6, tiedEmbeddings: false, windows: [null, null] },
      rope: { theta: 10000, scaling: { type: 'default' } },
      bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
    });
    const { num_key_value_heads: _, ...withoutGroups } = least;
    expect(() => readArchitecture('config.json', withoutGroups)).toThrow(FormatError);
    expect(() => readArchitecture('config.json', withoutGroups)).toThrow(/a divisor of 4 heads, got 32/);
  });

  it('norms each head of queries and keys', () => {
    const { queryNorm, keyNorm, path } = read({ head_dim: 6, rms_norm_eps: 0.5 }).transformer.blocks[1]!.attention;
    expect(path).toBe('model.layers.1.self_attn');
    const norm = (name: string, parts: number) => ({
      ...{ kind: 'rms', path: `${path}.${name}`, epsilon: 0.5, options: { parts } },
      gain: { name: `${path}.${name}.weight`, shape: [6], transposed: false },
    });
    expect(queryNorm).toEqual(norm('q_norm', 4));
    expect(keyNorm).toEqual(norm('k_norm', 2));
  });

  it('attention_bias is for all four layers of attention', () => {
    expect(numbersOf(read({ attention_bias: true })).bias).toEqual({
      queryKeyValue: true,
      attentionOutput: true,
      mlp: false,
    });
  });

  it('windows as in Qwen 2', () => {
    const on = { use_sliding_window: true, sliding_window: 5 };
    expect(numbersOf(read({ ...on, max_window_layers: 1 })).windows).toEqual([null, 5]);
    expect(numbersOf(read({ ...on, use_sliding_window: false, max_window_layers: 1 })).windows).toEqual([null, null]);
    expect(numbersOf(read({ ...on, layer_types: ['sliding_attention', 'full_attention'] })).windows).toEqual([5, null]);
    expect(() => read({ layer_types: ['sliding_attention', 'full_attention'] })).toThrow(/expected a sliding window/);
  });

  it('refuses a null head size, which transformers refuses too, an odd one, and what is not implemented', () => {
    expect(() => read({ head_dim: null })).toThrow(/head_dim: expected an integer .*, got null/);
    expect(() => read({ head_dim: 5 })).toThrow(/head_dim: expected an even number, for rotary embedding, got 5/);
    expect(() => read({ mlp_bias: true })).toThrow(UnsupportedError);
    expect(() => read({ num_experts: 8 })).toThrow(/num_experts: expected a known key/);
    expect(() => read({ architectures: ['Qwen3ForSequenceClassification'] })).toThrow(UnsupportedError);
  });
});
