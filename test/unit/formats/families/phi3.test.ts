import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../../src/errors.ts';
import { allLinears, otherModules } from '../../../../src/model/modules.ts';
import { readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('phi3', changes).transformer;

describe('phi3', () => {
  it('has fused layers, which are what adapters see', () => {
    const model = read({ num_key_value_heads: 2 });
    // External: the linear layers of transformers 5.23.0 for this config.json.
    expect(allLinears(model).map(({ path, weight }) => [path, weight.shape])).toEqual([
      ['model.layers.0.self_attn.qkv_proj', [32, 16]],
      ['model.layers.0.self_attn.o_proj', [16, 16]],
      ['model.layers.0.mlp.gate_up_proj', [48, 16]],
      ['model.layers.0.mlp.down_proj', [16, 24]],
      ['lm_head', [32, 16]],
    ]);
    const { query, key, value } = model.blocks[0]!.attention;
    const places = [query, key, value].map(({ columns }) => [columns?.from, columns?.size, columns?.count]);
    expect(places).toEqual([
      [0, 16, 1],
      [16, 8, 1],
      [24, 8, 1],
    ]);
    expect(otherModules(model)).toEqual(
      expect.arrayContaining(['model.layers.0.mlp.activation_fn', 'model.layers.0.resid_attn_dropout']),
    );
  });

  it('turns a part of each head, in either spelling', () => {
    const turned = (changes: Record<string, unknown>) =>
      read({ head_dim: 8, ...changes }).blocks[0]!.attention.rotary?.dimensions;
    expect(turned({ partial_rotary_factor: 0.75 })).toBe(6);
    expect(turned({ rope_parameters: { rope_type: 'default', rope_theta: 10, partial_rotary_factor: 0.5 } })).toBe(4);
    expect(turned({ partial_rotary_factor: 0.3 })).toBe(2); // 2.4 rounded down
    for (const none of [0.1, 0.4]) expect(() => turned({ partial_rotary_factor: none })).toThrow(FormatError);
  });

  it('has a window in all layers or in none, and turns whole heads by default', () => {
    expect(read().blocks[0]!.attention).toMatchObject({ window: null, rotary: { dimensions: 4 } });
    expect(read({ sliding_window: 7 }).blocks[0]!.attention.window).toEqual({ kind: 'sliding', size: 7 });
    expect(read({ sliding_window: null }).blocks[0]!.attention.window).toBeNull();
  });

  const factors = { short_factor: [1, 1.5], long_factor: [2, 3] };
  const long = { type: 'longrope', ...factors };
  const published = { max_position_embeddings: 131072, original_max_position_embeddings: 4096 };

  it('ends texts of longrope at the original context, up to which it turns by the short factors', () => {
    const model = read({ ...published, rope_scaling: long });
    expect(model.config.contextLength).toBe(4096);
    const { rotary } = model.blocks[0]!.attention;
    expect([...rotary!.perToken]).toEqual([1, 0.01 / 1.5]);
    expect(rotary!.amplitude).toBeCloseTo(Math.sqrt(1 + 5 / 12), 14); // a context of 2^17 after one of 2^12
    expect(read({ ...published, max_position_embeddings: 64, rope_scaling: long }).config.contextLength).toBe(64);
  });

  it('reads longrope under its first name, among rope_parameters, with a factor or the amplitude itself', () => {
    const amplitude = (changes: Record<string, unknown>) =>
      read({ ...published, ...changes }).blocks[0]!.attention.rotary!.amplitude;
    expect(amplitude({ rope_scaling: { ...long, type: 'su' } })).toBe(amplitude({ rope_scaling: long }));
    expect(amplitude({ rope_parameters: { rope_type: 'longrope', ...factors, rope_theta: 10000 } })).toBe(
      amplitude({ rope_scaling: long }),
    );
    expect(amplitude({ rope_scaling: { ...long, factor: 2 } })).toBeCloseTo(Math.sqrt(1 + 1 / 12), 14);
    expect(amplitude({ rope_scaling: { ...long, factor: 0.5 } })).toBe(1);
    expect(amplitude({ rope_scaling: { ...long, attention_factor: 1.75 } })).toBe(1.75);
  });

  it('takes an original context of 4096 when none is given at the top, whatever the parameters say', () => {
    const inside = { ...long, original_max_position_embeddings: 16 };
    expect(read({ max_position_embeddings: 8192, rope_scaling: inside }).config.contextLength).toBe(4096);
  });

  it.each([
    [{ ...long, short_factor: [1] }, /rope_scaling: expected 2 short factors, one per plane, got 1/],
    [{ ...long, short_factor: [1, 0] }, /rope_scaling: short_factor: expected a list of numbers above 0/],
    [{ ...long, short_factor: [1, '2'] }, /short_factor/],
    [{ type: 'longrope', short_factor: [1, 1] }, /long_factor: expected a list of numbers above 0/],
    [{ ...long, attention_factor: 'large' }, /attention_factor/],
  ])('refuses %j', (rope, message) => {
    const run = () => read({ ...published, rope_scaling: rope });
    expect(run).toThrow(FormatError);
    expect(run).toThrow(message);
  });

  it('passes over what the published files say to their own code', () => {
    const files = {
      auto_map: {
        AutoConfig: 'configuration_phi3.Phi3Config',
        AutoModelForCausalLM: 'modeling_phi3.Phi3ForCausalLM',
      },
      original_max_position_embeddings: 4096,
      ...{ attention_bias: false, attention_dropout: 0, embd_pdrop: 0, resid_pdrop: 0, rope_scaling: null },
    };
    expect(read(files)).toEqual(read());
  });
});
