import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { modulesOf, otherModules } from '../../../../src/model/modules.ts';
import { summaryOf } from '../../../../src/model/summary.ts';
import { CASES, readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('gpt2', changes);
const blockOf = (changes: Record<string, unknown> = {}) => read(changes).transformer.blocks[1]!;
const scaleOf = (changes: Record<string, unknown>) => blockOf(changes).attention.shape.scale;

describe('gpt2', () => {
  it('has LayerNorms, sequential blocks with a plain network of four times the width, and neither windows nor rope', () => {
    const { transformer } = read();
    expect(summaryOf(transformer, ({ shape }) => shape[0]!)).toMatchObject({
      ...{ mlpSize: 48, experts: null, windows: [null], rope: [] },
    });
    expect(transformer.norm).toMatchObject({ kind: 'layer' });
    expect(blockOf()).toMatchObject({ parallel: false, feedForward: { gate: null, activation: 'geluTanh' } });
  });

  it('names and shapes of tensors; matrices of blocks lie transposed', () => {
    const tensors = modulesOf(read({ tie_word_embeddings: false }).transformer).flatMap(({ weights }) =>
      weights.map(({ name, shape, transposed }) => `${name} ${shape}${transposed ? ' transposed' : ''}`),
    );
    expect(tensors.slice(0, 14)).toEqual([
      'transformer.wte.weight 32,12',
      'transformer.wpe.weight 1024,12',
      'transformer.h.0.ln_1.weight 12',
      'transformer.h.0.ln_1.bias 12',
      'transformer.h.0.attn.c_attn.weight 36,12 transposed',
      'transformer.h.0.attn.c_attn.bias 36',
      'transformer.h.0.attn.c_proj.weight 12,12 transposed',
      'transformer.h.0.attn.c_proj.bias 12',
      'transformer.h.0.ln_2.weight 12',
      'transformer.h.0.ln_2.bias 12',
      'transformer.h.0.mlp.c_fc.weight 48,12 transposed',
      'transformer.h.0.mlp.c_fc.bias 48',
      'transformer.h.0.mlp.c_proj.weight 12,48 transposed',
      'transformer.h.0.mlp.c_proj.bias 12',
    ]);
    expect(tensors.slice(-3)).toEqual([
      'transformer.ln_f.weight 12',
      'transformer.ln_f.bias 12',
      'lm_head.weight 32,12',
    ]);
  });

  it('queries, keys and values are thirds of one layer', () => {
    const { query, key, value } = blockOf().attention;
    expect([query, key, value].map(({ columns }) => columns?.from)).toEqual([0, 12, 24]);
    expect(new Set([query, key, value].map(({ linear }) => linear)).size).toBe(1);
  });

  it('scores are scaled by the head size, by the layer, by both or by nothing', () => {
    expect(scaleOf({})).toBe(0.5);
    expect(scaleOf({ scale_attn_by_inverse_layer_idx: true })).toBe(0.25);
    expect(scaleOf({ scale_attn_weights: false })).toBe(1);
    expect(scaleOf({ scale_attn_weights: false, scale_attn_by_inverse_layer_idx: true })).toBe(0.5);
    expect(read({ reorder_and_upcast_attn: true })).toEqual(read());
  });

  it('sizes under their aliases; two names must agree', () => {
    const {
      n_embd: hidden_size,
      n_layer: num_hidden_layers,
      n_head: num_attention_heads,
      ...others
    } = CASES.gpt2.least;
    const aliases = {
      model_type: 'gpt2',
      ...others,
      hidden_size,
      num_hidden_layers,
      num_attention_heads,
      max_position_embeddings: 1024,
    };
    expect(readArchitecture('config.json', aliases)).toEqual(read());
    expect(read({ hidden_size: 12 })).toEqual(read());
    expect(() => read({ hidden_size: 24 })).toThrow(ConflictError);
    expect(() => read({ hidden_size: 24 })).toThrow(/hidden_size: expected 12, as n_embd says, got 24/);
  });

  it('masks of old files are harmless, with the prefix and without', () => {
    const { harmless } = read();
    for (const name of ['h.0.attn.bias', 'h.11.attn.masked_bias', 'transformer.h.1.attn.bias']) {
      expect(harmless.test(name)).toBe(true);
    }
    for (const name of ['h.0.attn.c_attn.bias', 'h.0.crossattention.bias', 'x.h.0.attn.bias', 'h.0.attn.bias.x']) {
      expect(harmless.test(name)).toBe(false);
    }
  });

  it('modules that no adapter may be on', () => {
    const others = otherModules(read().transformer);
    expect(others).toContain('transformer.wpe');
    expect(others).toContain('transformer.h.1.attn.resid_dropout');
    expect(others).toContain('transformer.drop');
  });

  it('code of the repository under the names of transformers', () => {
    expect(read({ auto_map: { AutoModelForCausalLM: 'modeling_gpt2.GPT2LMHeadModel' } })).toEqual(read());
  });
});
