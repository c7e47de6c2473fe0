import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../../support/architecture.ts';
import { readFamily } from './cases.ts';

type Changes = Record<string, unknown>;
const gemma2 = (changes: Changes = {}) => readFamily('gemma2', changes);
const attentions = ({ transformer }: ReturnType<typeof gemma2>) => transformer.blocks.map(({ attention }) => attention);
const windows = (read: ReturnType<typeof gemma2>) => numbersOf(read).windows;

describe('gemma2', () => {
  it('has windows, scales and soft caps by default', () => {
    expect(numbersOf(gemma2())).toMatchObject({
      windows: [4096, null, 4096],
      bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
    });
    const { transformer } = gemma2();
    expect(transformer.logits).toEqual({ scale: 1, softCap: 30 });
    expect(transformer.embedding.scale).toBe(4);
    expect(attentions(gemma2())[0]!.shape).toMatchObject({ scale: 1 / 16, softCap: 50 });
  });

  it('norms before and after both parts of a block, with 1 plus the gain', () => {
    const { blocks, norm } = gemma2({ rms_norm_eps: 0.5 }).transformer;
    const one = (path: string) => ({
      ...{ kind: 'rms', path, epsilon: 0.5, options: { offset: 1 } },
      gain: { name: `${path}.weight`, shape: [16], transposed: false },
    });
    expect(blocks[1]!.norms).toEqual({
      beforeAttention: one('model.layers.1.input_layernorm'),
      afterAttention: one('model.layers.1.post_attention_layernorm'),
      beforeFeedForward: one('model.layers.1.pre_feedforward_layernorm'),
      afterFeedForward: one('model.layers.1.post_feedforward_layernorm'),
    });
    expect(norm).toEqual(one('model.norm'));
    expect(blocks[1]!.feedForward).toMatchObject({ kind: 'feed-forward', activation: 'geluTanh' });
    expect(blocks[1]!.attention).toMatchObject({ queryNorm: null, keyNorm: null });
  });

  it('windows in every other layer, or where layer_types says', () => {
    expect(windows(gemma2({ sliding_window: 5 }))).toEqual([5, null, 5]);
    const types = ['full_attention', 'sliding_attention', 'full_attention'];
    expect(windows(gemma2({ sliding_window: 5, layer_types: types }))).toEqual([null, 5, null]);
    const full = new Array(3).fill('full_attention');
    expect(windows(gemma2({ sliding_window: null, layer_types: full }))).toEqual([null, null, null]);
    expect(() => gemma2({ sliding_window: null })).toThrow(/sliding_window: expected an integer .*, got null/);
  });

  it('scale and soft caps: null means no cap, absent is the default', () => {
    const read = gemma2({ query_pre_attn_scalar: 64, attn_logit_softcapping: null, final_logit_softcapping: null });
    expect(attentions(read)[2]!.shape).toMatchObject({ scale: 1 / 8, softCap: null });
    expect(read.transformer.logits.softCap).toBe(null);
  });

  it('what the published files hold besides changes nothing', () => {
    const besides = { hidden_act: 'gelu_pytorch_tanh', cache_implementation: 'hybrid', sliding_window_size: 4096 };
    expect(gemma2(besides)).toEqual(gemma2());
  });
});
