import { describe, expect, it } from 'vitest';
import { modulesOf } from '../../../../src/model/modules.ts';
import { readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('olmo2', changes).transformer;

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

  it('has one epsilon in all norms, and no window', () => {
    const { blocks, norm } = read();
    expect(blocks[0]!.attention.window).toBeNull();
    const norms = [blocks[0]!.norms.afterAttention, blocks[0]!.attention.queryNorm, norm];
    expect(norms.map((one) => one?.epsilon)).toEqual(new Array(3).fill(1e-5));
  });

  it('may have biases in attention, not in the feed-forward network', () => {
    const { attention, feedForward } = read({ attention_bias: true }).blocks[0]!;
    expect([attention.query.linear.bias, attention.output.bias].every((bias) => bias !== null)).toBe(true);
    expect(feedForward.kind === 'feed-forward' && feedForward.down.bias).toBeNull();
  });
});
