import { describe, expect, it } from 'vitest';
import { ConflictError, FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { readLoraConfig } from '../../../../src/formats/peft/config.ts';

const read = (changes: Record<string, unknown> = {}) =>
  readLoraConfig('adapter_config.json', { peft_type: 'LORA', ...changes });

describe('readLoraConfig', () => {
  it('absent options mean what they mean to PEFT', () => {
    expect(read()).toEqual({
      label: 'adapter_config.json',
      baseName: null,
      rank: 8,
      alpha: 8,
      rankStabilized: false,
      targets: ['q_proj', 'v_proj'],
      excluded: [],
      biases: 'none',
      fanInFanOut: false,
      rankPattern: [],
      alphaPattern: [],
      layers: null,
      layerLists: [],
    });
  });

  it('options of later versions pass while they are off', () => {
    expect(read({ new_option: null, another: false })).toEqual(read());
    for (const value of [true, 0, 'x', {}]) expect(() => read({ new_option: value })).toThrow(/PEFT option new_option/);
  });

  it('reads what there is', () => {
    const config = read({
      ...{ base_model_name_or_path: 'b', r: 2, lora_alpha: 0.5, use_rslora: true, target_modules: ['a'] },
      ...{ exclude_modules: '.*x', rank_pattern: { k: 3 }, alpha_pattern: { k: 0.25 } },
      ...{ layers_to_transform: 1, layers_pattern: 'layers' },
    });
    expect(config).toMatchObject({ baseName: 'b', rank: 2, alpha: 0.5, rankStabilized: true, targets: ['a'] });
    expect(config).toMatchObject({ excluded: '.*x', rankPattern: [['k', 3]], alphaPattern: [['k', 0.25]] });
    expect(config).toMatchObject({ layers: [1], layerLists: ['layers'] });
    expect(read({ layers_to_transform: [], layers_pattern: [] })).toMatchObject({ layers: null, layerLists: [] });
  });

  it('what PEFT 0.21 writes for a plain LoRA', () => {
    const written = {
      ...{ alora_invocation_tokens: null, alpha_pattern: {}, arrow_config: null, auto_mapping: null, bias: 'none' },
      ...{ corda_config: null, ensure_weight_tying: false, eva_config: null, exclude_modules: null },
      ...{ fan_in_fan_out: false, inference_mode: true, init_lora_weights: true, kasa_config: null },
      ...{
        layer_replication: null,
        layers_pattern: null,
        layers_to_transform: null,
        loftq_config: {},
        lora_bias: false,
      },
      ...{ lora_dropout: 0.1, lora_ga_config: null, megatron_config: null, megatron_core: 'megatron.core' },
      ...{ modules_to_save: null, monteclora_config: null, peft_version: '0.21.2', qalora_group_size: 16 },
      ...{ rank_pattern: {}, revision: null, target_parameters: null, task_type: 'CAUSAL_LM' },
      ...{ trainable_token_indices: null, use_bdlora: null, use_dora: false, use_qalora: false, velora_config: null },
    };
    expect(read(written)).toEqual(read());
  });

  it.each([
    ['use_dora', true],
    ['lora_bias', true],
    ['modules_to_save', ['lm_head']],
    ['trainable_token_indices', [1]],
    ['init_lora_weights', 'pissa'],
    ['init_lora_weights', 'pissa_niter_4'],
    ['init_lora_weights', 'olora'],
    ['init_lora_weights', 'corda'],
    ['init_lora_weights', 'loftq'],
    ['init_lora_weights', 'lora_ga'],
    ['init_lora_weights', 'mica'],
    ['alora_invocation_tokens', [1, 2]],
    ['use_qalora', true],
    ['use_bdlora', { nblocks: 2 }],
    ['target_parameters', ['x']],
    ['megatron_config', {}],
    ['layer_replication', [[0, 2]]],
    ['arrow_config', {}],
    ['kasa_config', {}],
    ['velora_config', {}],
    ['monteclora_config', {}],
    ['ensure_weight_tying', true],
    ['enable_lora', [true]],
    ['some_new_option', 1],
  ])('refuses %s: %j by name', (key, value) => {
    expect(() => read({ [key]: value })).toThrow(UnsupportedError);
    expect(() => read({ [key]: value })).toThrow(`adapter_config.json: PEFT option ${key}: expected `);
  });

  it('initialisations that leave the base alone', () => {
    for (const init of [true, false, 'gaussian', 'eva', 'orthogonal'])
      expect(read({ init_lora_weights: init })).toEqual(read());
  });

  it('says what to do with an adapter that took a part of the base', () => {
    expect(() => read({ init_lora_weights: 'pissa' })).toThrow(
      /path_initial_model_for_weight_conversion\), got "pissa"/,
    );
  });

  it('other adapters than LoRA', () => {
    expect(() => read({ peft_type: 'IA3' })).toThrow(UnsupportedError);
    expect(() => read({ peft_type: 'IA3' })).toThrow('adapter_config.json: peft_type: expected LORA, got "IA3"');
    expect(() => readLoraConfig('a', {})).toThrow(FormatError);
  });

  it.each([
    [{ bias: 'some' }, /PEFT option bias: expected none, lora_only or all, got "some"/],
    [{ bias: 1 }, /PEFT option bias: expected a string/],
    [{ fan_in_fan_out: 'no' }, /PEFT option fan_in_fan_out: expected true or false/],
    [{ r: 0 }, /PEFT option r: expected an integer of at least 1, got 0/],
    [{ r: '8' }, /PEFT option r/],
    [{ lora_alpha: null, r: 1.5 }, /PEFT option r/],
    [{ lora_alpha: 'x' }, /PEFT option lora_alpha/],
    [{ target_modules: [1] }, /PEFT option target_modules: expected a string or a list of strings/],
    [{ target_modules: { a: 1 } }, /PEFT option target_modules/],
    [{ rank_pattern: { q: 0 } }, /PEFT option rank_pattern: q: expected an integer of at least 1, got 0/],
    [{ rank_pattern: [] }, /PEFT option rank_pattern: expected an object/],
    [{ alpha_pattern: { q: null } }, /alpha_pattern: q: expected a number, got null/],
    [{ layers_to_transform: [0.5] }, /layers_to_transform: expected an integer or a list of integers/],
  ])('refuses wrong values: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(FormatError);
    expect(() => read(changes)).toThrow(message);
  });

  it('options that exclude each other', () => {
    expect(() => read({ target_modules: '.*', layers_to_transform: [0] })).toThrow(ConflictError);
    expect(() => read({ target_modules: ['a'], layers_pattern: 'h' })).toThrow(ConflictError);
    expect(() => read({ layers_to_transform: [0], layers_pattern: ['h.*'] })).toThrow(
      /layers_pattern: expected plain names/,
    );
  });
});
