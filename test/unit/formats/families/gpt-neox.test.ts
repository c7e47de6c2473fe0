import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../../src/errors.ts';
import { modulesOf, otherModules } from '../../../../src/model/modules.ts';
import { readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('gpt_neox', changes);
const blockOf = (changes: Record<string, unknown> = {}) => read(changes).transformer.blocks[0]!;
const rotaryOf = (changes: Record<string, unknown> = {}) => {
  const { config, dimensions } = blockOf(changes).attention.rotary!;
  return { theta: config.theta, type: config.scaling.type, dimensions };
};

describe('gpt_neox', () => {
  it('has parallel blocks with a plain network, and turns a quarter of each head', () => {
    const { norm, logits } = read().transformer;
    expect(norm).toMatchObject({ kind: 'layer' });
    expect(logits).toEqual({ scale: 1, softCap: null });
    expect(blockOf()).toMatchObject({ parallel: true, feedForward: { gate: null, activation: 'gelu' } });
    expect(rotaryOf()).toEqual({ theta: 10000, type: 'default', dimensions: 2 });
  });

  // The keys of EleutherAI/gpt-neox-20b, but with small sizes.
  it('the config of the 20B model', () => {
    const published = {
      ...{ architectures: ['GPTNeoXForCausalLM'], attention_probs_dropout_prob: 0.1, bos_token_id: 0, eos_token_id: 2 },
      ...{ hidden_act: 'gelu_fast', hidden_dropout_prob: 0.1, initializer_range: 0.02, layer_norm_eps: 1e-5 },
      ...{ max_position_embeddings: 2048, rotary_emb_base: 10000, rotary_pct: 0.25, tie_word_embeddings: false },
      ...{ torch_dtype: 'float16', transformers_version: '4.19.0.dev0', use_cache: true },
    };
    expect(read(published)).toEqual(read({ hidden_act: 'gelu_fast' }));
  });

  it('gelu_fast is not gelu_new', () => {
    expect(blockOf({ hidden_act: 'gelu_fast' }).feedForward).toMatchObject({ activation: 'geluFast' });
    expect(blockOf({ hidden_act: 'gelu_new' }).feedForward).toMatchObject({ activation: 'geluTanh' });
  });

  it('names and shapes of tensors', () => {
    const { transformer } = read();
    const tensors = modulesOf(transformer).flatMap(({ weights }) =>
      weights.map(({ name, shape }) => `${name} ${shape}`),
    );
    const layer = 'gpt_neox.layers.0';
    expect(tensors).toEqual([
      'gpt_neox.embed_in.weight 32,16',
      ...[`${layer}.input_layernorm.weight 16`, `${layer}.input_layernorm.bias 16`],
      ...[`${layer}.attention.query_key_value.weight 48,16`, `${layer}.attention.query_key_value.bias 48`],
      ...[`${layer}.attention.dense.weight 16,16`, `${layer}.attention.dense.bias 16`],
      ...[`${layer}.post_attention_layernorm.weight 16`, `${layer}.post_attention_layernorm.bias 16`],
      ...[`${layer}.mlp.dense_h_to_4h.weight 24,16`, `${layer}.mlp.dense_h_to_4h.bias 24`],
      ...[`${layer}.mlp.dense_4h_to_h.weight 16,24`, `${layer}.mlp.dense_4h_to_h.bias 16`],
      ...['gpt_neox.final_layer_norm.weight 16', 'gpt_neox.final_layer_norm.bias 16'],
      'embed_out.weight 32,16',
    ]);
    expect(otherModules(transformer)).toContain('gpt_neox.layers.0.mlp.act');
  });

  it('query, key and value of a head are neighbouring columns', () => {
    const { query, key, value } = blockOf().attention;
    expect(query.columns).toEqual({ from: 0, size: 8, stride: 24, count: 2 });
    expect(key.columns).toEqual({ from: 8, size: 8, stride: 24, count: 2 });
    expect(value.columns).toEqual({ from: 16, size: 8, stride: 24, count: 2 });
    expect(new Set([query, key, value].map(({ linear }) => linear)).size).toBe(1);
  });

  it('attention_bias is of attention alone', () => {
    const { attention, feedForward } = blockOf({ attention_bias: false });
    expect([attention.query.linear.bias, attention.output.bias]).toEqual([null, null]);
    expect(feedForward.kind === 'feed-forward' && feedForward.down.bias).not.toBeNull();
  });

  it('base and turned part in both spellings', () => {
    expect(rotaryOf({ rotary_pct: 0.5, rotary_emb_base: 500 })).toEqual({ theta: 500, type: 'default', dimensions: 4 });
    const parameters = { rope_type: 'linear', factor: 2, rope_theta: 7, partial_rotary_factor: 1 };
    expect(rotaryOf({ rope_parameters: parameters })).toEqual({ theta: 7, type: 'linear', dimensions: 8 });
    // Parameters win over the keys at the top.
    expect(rotaryOf({ rope_parameters: parameters, rotary_pct: 0.25, rotary_emb_base: 9 }).dimensions).toBe(8);
    expect(rotaryOf({ rotary_pct: 0.75, rope_scaling: { type: 'linear', factor: 2 } }).dimensions).toBe(6);
    expect(rotaryOf({ partial_rotary_factor: 0.25, rope_theta: 10000 })).toEqual(rotaryOf());
  });

  it('two spellings that say different things', () => {
    const one = { rope_type: 'linear', factor: 2 };
    expect(() => read({ rope_scaling: one, rope_parameters: { ...one, factor: 3 } })).toThrow(ConflictError);
  });

  it('buffers of old files are harmless', () => {
    const { harmless } = read();
    for (const name of ['bias', 'masked_bias', 'rotary_emb.inv_freq']) {
      expect(harmless.test(`gpt_neox.layers.0.attention.${name}`)).toBe(true);
    }
    expect(harmless.test('gpt_neox.layers.0.attention.dense.bias')).toBe(false);
  });
});
