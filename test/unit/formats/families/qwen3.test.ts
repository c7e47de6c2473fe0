import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../../support/architecture.ts';
import { readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('qwen3', changes);

describe('qwen3', () => {
  it('has no windows and no biases by default', () => {
    expect(numbersOf(read())).toMatchObject({
      windows: [null, null],
      bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
    });
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
});
