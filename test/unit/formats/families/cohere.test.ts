import { describe, expect, it } from 'vitest';
import { modulesOf } from '../../../../src/model/modules.ts';
import { readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('cohere', changes).transformer;

describe('cohere', () => {
  it('has parallel blocks, norms without bias and interleaved rotary embedding', () => {
    const { blocks, norm, logits } = read();
    expect(logits).toEqual({ scale: 0.0625, softCap: null });
    expect(norm).toMatchObject({ kind: 'layer', bias: null });
    const { attention, parallel } = blocks[0]!;
    expect(parallel).toBe(true);
    expect(attention).toMatchObject({ queryNorm: null, keyNorm: null, window: null });
    expect(attention.rotary).toMatchObject({ interleaved: true, dimensions: 4 });
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
  });
});
