import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { modulesOf } from '../../../../src/model/modules.ts';

/** The least that a config.json must say. */
const least = {
  model_type: 'cohere',
  vocab_size: 32,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
};
const read = (changes: object = {}) => readArchitecture('config.json', { ...least, ...changes }).transformer;

describe('cohere', () => {
  it('that leaves out what it can means what it means to transformers', () => {
    const { config, blocks, norm, logits, head, embedding } = read();
    expect(config).toMatchObject({ contextLength: 8192, tiedEmbeddings: true });
    expect(head.weight).toBe(embedding.table);
    expect(logits).toEqual({ scale: 0.0625, softCap: null });
    expect(norm).toMatchObject({ kind: 'layer', epsilon: 1e-5, bias: null });
    const { attention, parallel } = blocks[0]!;
    expect(parallel).toBe(true);
    expect(attention).toMatchObject({ queryNorm: null, keyNorm: null, window: null });
    expect(attention.rotary).toMatchObject({ interleaved: true, dimensions: 4, config: { theta: 500000 } });
    expect(attention.rotary).toBe(blocks[1]!.attention.rotary);
  });

  it('has one norm per layer, and with use_qk_norm a gain per head and dimension', () => {
    const weights = modulesOf(read({ num_key_value_heads: 2, use_qk_norm: true })).flatMap((module) => module.weights);
    const norms = weights.filter(({ name }) => name.includes('norm')).map(({ name, shape }) => [name, shape]);
    const layer = (i: number) => [
      [`model.layers.${i}.input_layernorm.weight`, [16]],
      [`model.layers.${i}.self_attn.q_norm.weight`, [4, 4]],
      [`model.layers.${i}.self_attn.k_norm.weight`, [2, 4]],
    ];
    // External: the names and shapes of transformers 5.23.0 for this config.json.
    expect(norms).toEqual([...layer(0), ...layer(1), ['model.norm.weight', [16]]]);
  });

  it('reads the scale of the logits and the epsilon of its norms', () => {
    expect(read({ logit_scale: 0.8 }).logits.scale).toBe(0.8);
    expect(read({ layer_norm_eps: 1e-3 }).blocks[0]!.norms.beforeAttention?.epsilon).toBe(1e-3);
    expect(() => read({ logit_scale: null })).toThrow(FormatError);
    expect(() => read({ logit_scale: 'half' })).toThrow(FormatError);
  });

  it.each([
    [{ rms_norm_eps: 1e-6 }, /rms_norm_eps: expected a known key/],
    [{ mlp_bias: true }, /mlp_bias: expected false/],
    [{ sliding_window: 4096 }, /sliding_window: expected null/],
    [{ hidden_act: 'gelu' }, /hidden_act/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor/],
    [{ architectures: ['Cohere2ForCausalLM'] }, /architectures: expected CohereForCausalLM or CohereModel/],
  ])('refuses by name what is not implemented: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(UnsupportedError);
    expect(() => read(changes)).toThrow(message);
  });
});
