import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { numbersOf } from '../../../support/architecture.ts';

/** The least that a config.json must say. */
const least = {
  model_type: 'gemma2',
  vocab_size: 32,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 3,
  num_attention_heads: 4,
};
type Changes = Record<string, unknown>;
const gemma2 = (changes: Changes = {}) => readArchitecture('config.json', { ...least, ...changes });
const attentions = ({ transformer }: ReturnType<typeof gemma2>) => transformer.blocks.map(({ attention }) => attention);
const windows = (read: ReturnType<typeof gemma2>) => numbersOf(read).windows;

describe('gemma2', () => {
  it('what is left out means what it means to transformers', () => {
    expect(numbersOf(gemma2())).toEqual({
      ...{ family: 'gemma2', vocabularySize: 32, hiddenSize: 16, mlpSize: 24, layers: 3, heads: 4, keyValueHeads: 4 },
      ...{ headSize: 256, contextLength: 8192, normEpsilon: 1e-6, tiedEmbeddings: true, windows: [4096, null, 4096] },
      rope: { theta: 10000, scaling: { type: 'default' } },
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
    for (const key of ['query_pre_attn_scalar', 'attn_logit_softcapping', 'final_logit_softcapping']) {
      expect(() => gemma2({ [key]: 0 })).toThrow(FormatError);
      expect(() => gemma2({ [key]: 0 })).toThrow(new RegExp(`${key}: expected a number above 0, got 0`));
    }
  });

  it.each([
    [{ hidden_activation: 'silu' }, /hidden_activation: expected "gelu_pytorch_tanh" .*, got "silu"/],
    [{ use_bidirectional_attention: true }, /use_bidirectional_attention/],
    [{ mlp_bias: true }, /mlp_bias/],
    [{ sliding_window_pattern: 2 }, /sliding_window_pattern: expected a known key/],
    [{ model_type: 'gemma3' }, /model_type: expected .*gemma3_text.*, got "gemma3"/],
  ])('refuses by name what is not implemented: %j', (changes, message) => {
    expect(() => gemma2(changes)).toThrow(UnsupportedError);
    expect(() => gemma2(changes)).toThrow(message);
  });

  it('what the published files hold besides changes nothing', () => {
    const besides = { hidden_act: 'gelu_pytorch_tanh', cache_implementation: 'hybrid', sliding_window_size: 4096 };
    expect(gemma2(besides)).toEqual(gemma2());
  });
});
