import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../../support/architecture.ts';
import { readFamily } from './cases.ts';

type Changes = Record<string, unknown>;
const gemma3 = (changes: Changes = {}) => readFamily('gemma3_text', changes);
const attentions = ({ transformer }: ReturnType<typeof gemma3>) => transformer.blocks.map(({ attention }) => attention);
const windows = (read: ReturnType<typeof gemma3>) => numbersOf(read).windows;
const alternate = ['sliding_attention', 'full_attention', 'sliding_attention'];

describe('gemma3', () => {
  const thetas = (changes: Changes) => attentions(gemma3(changes)).map(({ rotary }) => rotary!.config.theta);
  const types = (changes: Changes) => attentions(gemma3(changes)).map(({ rotary }) => rotary!.config.scaling.type);

  it('sees everything in every sixth layer by default, which has its own base', () => {
    expect(windows(gemma3({ num_hidden_layers: 7 }))).toEqual([4096, 4096, 4096, 4096, 4096, null, 4096]);
    expect(thetas({ num_hidden_layers: 7 })).toEqual([1e4, 1e4, 1e4, 1e4, 1e4, 1e6, 1e4]);
    expect(gemma3().transformer.logits.softCap).toBe(null);
    expect(attentions(gemma3())[0]!.shape.softCap).toBeUndefined();
  });

  it('norms each head of queries and keys with 1 plus the gain', () => {
    const { queryNorm, keyNorm } = attentions(gemma3({ num_key_value_heads: 2, head_dim: 6 }))[1]!;
    expect(queryNorm).toMatchObject({ options: { offset: 1, parts: 4 }, gain: { shape: [6] } });
    expect(keyNorm).toMatchObject({ path: 'model.layers.1.self_attn.k_norm', options: { offset: 1, parts: 2 } });
  });

  it('sliding_window_pattern gives the full layers, and layer_types wins', () => {
    expect(windows(gemma3({ sliding_window: 5, sliding_window_pattern: 2 }))).toEqual([5, null, 5]);
    expect(windows(gemma3({ sliding_window: 5, sliding_window_pattern: 1 }))).toEqual([null, null, null]);
    const changes = { sliding_window: 5, sliding_window_pattern: 1, layer_types: alternate };
    expect(windows(gemma3(changes))).toEqual([5, null, 5]);
  });

  it('the old spelling: two bases at the top, and a scaling that is for full layers', () => {
    const linear = { rope_type: 'linear', factor: 8 };
    const old = { layer_types: alternate, rope_theta: 500, rope_local_base_freq: 30, rope_scaling: linear };
    expect(thetas(old)).toEqual([30, 500, 30]);
    expect(types(old)).toEqual(['default', 'linear', 'default']);
  });

  it('the new spelling: parameters per type of layer', () => {
    const rope_parameters = {
      full_attention: { rope_type: 'linear', factor: 8, rope_theta: 500 },
      sliding_attention: { rope_type: 'default', rope_theta: 30 },
    };
    const current = { layer_types: alternate, rope_parameters };
    expect(thetas(current)).toEqual([30, 500, 30]);
    expect(types(current)).toEqual(['default', 'linear', 'default']);
    expect(thetas({ ...current, rope_parameters: { sliding_attention: { rope_theta: 7 } } })).toEqual([7, 1e6, 7]);
    expect(() => gemma3({ rope_parameters: { rope_theta: 5 } })).toThrow(
      /rope_parameters: rope_theta: expected a known/,
    );
  });

  it('a soft cap on logits counts, one on scores does not, as in transformers', () => {
    expect(gemma3({ final_logit_softcapping: 3 }).transformer.logits.softCap).toBe(3);
    expect(gemma3({ attn_logit_softcapping: 3 })).toEqual(gemma3());
  });
});
