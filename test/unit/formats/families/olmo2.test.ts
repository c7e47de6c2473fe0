import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { modulesOf } from '../../../../src/model/modules.ts';

/** The least that a config.json must say. */
const least = {
  model_type: 'olmo2',
  vocab_size: 32,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 1,
  num_attention_heads: 4,
};
const read = (changes: object = {}) => readArchitecture('config.json', { ...least, ...changes }).transformer;

describe('olmo2', () => {
  it('normalises after attention and the feed-forward network, and all queries and all keys', () => {
    const weights = modulesOf(read({ num_key_value_heads: 2 })).flatMap((module) => module.weights);
    const shapes = Object.fromEntries(weights.map(({ name, shape }) => [name, shape]));
    const norms = Object.entries(shapes).filter(([name]) => name.includes('norm'));
    // External: the names and shapes of transformers 5.23.0 for this config.json.
    expect(Object.fromEntries(norms)).toEqual({
      'model.layers.0.self_attn.q_norm.weight': [16],
      'model.layers.0.self_attn.k_norm.weight': [8],
      'model.layers.0.post_attention_layernorm.weight': [16],
      'model.layers.0.post_feedforward_layernorm.weight': [16],
      'model.norm.weight': [16],
    });
  });

  it('that leaves out what it can means what it means to transformers', () => {
    const { config, blocks, norm } = read();
    expect(config).toMatchObject({ contextLength: 2048, tiedEmbeddings: false });
    expect(blocks[0]!.attention.shape.keyValueHeads).toBe(4);
    expect(blocks[0]!.attention.window).toBeNull();
    expect(blocks[0]!.attention.rotary?.config.theta).toBe(10000);
    expect([blocks[0]!.norms.afterAttention, blocks[0]!.attention.queryNorm, norm].map((n) => n?.epsilon)).toEqual(
      new Array(3).fill(1e-5),
    );
  });

  it('may have biases in attention, not in the feed-forward network', () => {
    const { attention, feedForward } = read({ attention_bias: true }).blocks[0]!;
    expect([attention.query.linear.bias, attention.output.bias].every((bias) => bias !== null)).toBe(true);
    expect(feedForward.kind === 'feed-forward' && feedForward.down.bias).toBeNull();
  });

  it.each([
    [{ mlp_bias: true }, /mlp_bias: expected false/],
    [{ sliding_window: 4096 }, /sliding_window: expected null/],
    [{ clip_qkv: 8 }, /clip_qkv: expected a known key/],
    [{ hidden_act: 'gelu' }, /hidden_act/],
    [{ architectures: ['Olmo3ForCausalLM'] }, /architectures: expected Olmo2ForCausalLM or Olmo2Model/],
    [{ layer_types: ['sliding_attention'] }, /layer_types/],
  ])('refuses by name what is not implemented: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(UnsupportedError);
    expect(() => read(changes)).toThrow(message);
  });
});
