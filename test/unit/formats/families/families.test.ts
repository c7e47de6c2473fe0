import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { IGNORED_CONFIG_KEYS } from '../../../../src/formats/families/ignored-keys.ts';
import { familyNames, readArchitecture } from '../../../../src/formats/families/index.ts';
import { numbersOf } from '../../../support/architecture.ts';

/** The least that a config.json must say. */
const least = {
  model_type: 'llama',
  vocab_size: 32,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 3,
  num_attention_heads: 4,
};
const read = (changes: Record<string, unknown> = {}) =>
  numbersOf(readArchitecture('config.json', { ...least, ...changes }));

describe('readArchitecture', () => {
  it('knows each family by one name', () => {
    expect(familyNames).toEqual(expect.arrayContaining(['llama', 'mistral', 'qwen2']));
    expect(new Set(familyNames).size).toBe(familyNames.length);
  });

  it('a Llama that leaves out what it can means what it means to transformers', () => {
    expect(read()).toEqual({
      family: 'llama',
      vocabularySize: 32,
      hiddenSize: 16,
      mlpSize: 24,
      layers: 3,
      heads: 4,
      keyValueHeads: 4,
      headSize: 4,
      contextLength: 2048,
      normEpsilon: 1e-6,
      rope: { theta: 10000, scaling: { type: 'default' } },
      tiedEmbeddings: false,
      bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
      windows: [null, null, null],
    });
  });

  it('all of it, as transformers 5 writes a Llama', () => {
    const config = read({
      ...{ architectures: ['LlamaForCausalLM'], attention_bias: true, attention_dropout: 0.5, bos_token_id: 1 },
      ...{ dtype: 'float32', eos_token_id: [2, 3], head_dim: 8, hidden_act: 'silu', initializer_range: 0.02 },
      ...{ max_position_embeddings: 99, mlp_bias: true, num_key_value_heads: 2, pad_token_id: null, pretraining_tp: 1 },
      ...{ rms_norm_eps: 1e-5, rope_parameters: { rope_theta: 5, rope_type: 'default' }, tie_word_embeddings: true },
      ...{ transformers_version: '5.23.0', use_cache: true },
    });
    expect(config).toMatchObject({
      headSize: 8,
      contextLength: 99,
      keyValueHeads: 2,
      normEpsilon: 1e-5,
      tiedEmbeddings: true,
    });
    expect(config.bias).toEqual({ queryKeyValue: true, attentionOutput: true, mlp: true });
    expect(config.rope.theta).toBe(5);
  });

  it('key-value heads: absent and null differ between families', () => {
    expect(read({ num_key_value_heads: null }).keyValueHeads).toBe(4);
    expect(read({ model_type: 'mistral', num_attention_heads: 16, hidden_size: 32 }).keyValueHeads).toBe(8);
    expect(read({ model_type: 'mistral', num_key_value_heads: null }).keyValueHeads).toBe(4);
    expect(() => read({ model_type: 'qwen2' })).toThrow(/num_key_value_heads: expected a divisor of 4 heads, got 32/);
  });

  it('mistral: an absent window is 4096, null means no window', () => {
    const mistral = (changes: object) => read({ model_type: 'mistral', num_key_value_heads: 2, ...changes }).windows;
    expect(mistral({})).toEqual([4096, 4096, 4096]);
    expect(mistral({ sliding_window: null })).toEqual([null, null, null]);
    expect(mistral({ sliding_window: 7 })).toEqual([7, 7, 7]);
    expect(mistral({ sliding_window: 7, layer_types: new Array(3).fill('sliding_attention') })).toEqual([7, 7, 7]);
    expect(() => mistral({ sliding_window: 7, layer_types: new Array(3).fill('full_attention') })).toThrow(
      UnsupportedError,
    );
  });

  it('qwen2: biases on query, key and value; windows after the first layers, when switched on', () => {
    const qwen2 = (changes: object) => read({ model_type: 'qwen2', num_key_value_heads: 2, ...changes });
    expect(qwen2({}).bias).toEqual({ queryKeyValue: true, attentionOutput: false, mlp: false });
    expect(qwen2({ sliding_window: 5, max_window_layers: 1 }).windows).toEqual([null, null, null]);
    const on = { use_sliding_window: true, sliding_window: 5 };
    expect(qwen2({ ...on, max_window_layers: 1 }).windows).toEqual([null, 5, 5]);
    expect(qwen2(on).windows).toEqual([null, null, null]);
    expect(qwen2({ use_sliding_window: true, max_window_layers: 2 }).windows).toEqual([null, null, 4096]);
    expect(qwen2({ ...on, sliding_window: null, max_window_layers: 0 }).windows).toEqual([null, null, null]);
    const types = ['sliding_attention', 'full_attention', 'sliding_attention'];
    expect(qwen2({ ...on, max_window_layers: 0, layer_types: types }).windows).toEqual([5, null, 5]);
    expect(() => qwen2({ layer_types: types })).toThrow(/layer_types: expected a sliding window/);
    expect(() => qwen2({ ...on, layer_types: types.slice(1) })).toThrow(FormatError);
    expect(() => qwen2({ ...on, layer_types: ['chunked_attention', ...types.slice(1)] })).toThrow(
      /got "chunked_attention"/,
    );
  });

  it.each([
    [{ model_type: 'bert' }, /config\.json: model_type: expected .*llama, mistral, .*, got "bert"/],
    [{ model_type: 'constructor' }, /got "constructor"/],
    [
      { hidden_act: 'gelu' },
      /config\.json: hidden_act: expected "silu" or "swish" \(nothing else is implemented\), got "gelu"/,
    ],
    [{ quantization_config: { quant_method: 'bitsandbytes' } }, /quantization_config: expected null/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor: expected 1/],
    [{ sliding_window: 8 }, /sliding_window: expected null, or at least the context length 2048/],
    [{ layer_types: ['full_attention', 'full_attention', 'sliding_attention'] }, /full_attention in all layers/],
    [{ is_encoder_decoder: true }, /is_encoder_decoder/],
    [{ pruned_heads: { 0: [1] } }, /pruned_heads: expected \{\}/],
    [{ logit_scale: 0.5 }, /config\.json: logit_scale: expected a known key, got an unknown one \(0\.5\)/],
    [{ unknown_gain: 0 }, /unknown_gain: expected a known key, got an unknown one \(0\)/],
    [{ is_causal: false }, /is_causal: expected true \(nothing else is implemented\), got false/],
    [{ is_causal: null }, /is_causal: .*, got null/],
    [
      { auto_map: { AutoModelForCausalLM: 'modeling_yi.YiForCausalLM' } },
      /auto_map: AutoModelForCausalLM: expected a class of transformers, such as LlamaModel, got "modeling_yi\./,
    ],
    [{ auto_map: { AutoConfig: 'configuration_clex.CLEXLlamaConfig' } }, /auto_map: AutoConfig/],
    [{ auto_map: { AutoConfig: 3 } }, /auto_map: AutoConfig/],
  ])('refuses by name what is not implemented: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(UnsupportedError);
    expect(() => read(changes)).toThrow(message);
  });

  it.each([
    [{ num_hidden_layers: 1e9 }, /num_hidden_layers: expected an integer of at least 1 and of at most 4096/],
    [{ vocab_size: 2 ** 40 }, /vocab_size/],
    [{ vocab_size: 0 }, /vocab_size/],
    [{ hidden_size: -16 }, /hidden_size/],
    [{ hidden_size: '16' }, /hidden_size: expected an integer .*, got "16"/],
    [{ hidden_size: 18 }, /hidden_size: expected a multiple of 4 heads, got 18/],
    [{ hidden_size: 12 }, /head_dim: expected an even number, for rotary embedding, got 3/],
    [{ num_key_value_heads: 3 }, /a divisor of 4 heads, got 3/],
    [{ head_dim: 0 }, /head_dim/],
    [{ rms_norm_eps: -1 }, /rms_norm_eps: expected a number of at least 0/],
    [{ tie_word_embeddings: 'yes' }, /tie_word_embeddings: expected true or false/],
    [{ architectures: 'LlamaForCausalLM' }, /architectures: expected a list/],
    [{ model_type: 3 }, /model_type: expected a string/],
    [{ intermediate_size: undefined }, /intermediate_size: expected an integer .*, got nothing/],
    [{ layer_types: 'full' }, /layer_types: expected a list of 3 names/],
  ])('refuses wrong values: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(FormatError);
    expect(() => read(changes)).toThrow(message);
  });

  it('what cannot change the forward pass passes', () => {
    const harmless = Object.fromEntries(IGNORED_CONFIG_KEYS.map((key) => [key, 'whatever']));
    expect(read(harmless)).toEqual(read());
  });

  it('what is off passes, whatever its name; what is set does not', () => {
    expect(read({ new_option: null, another: false })).toEqual(read());
    for (const value of [true, 0, '', [], {}]) expect(() => read({ new_option: value })).toThrow(/new_option/);
  });

  it('a false that switches something off is read as such', () => {
    expect(read({ tie_word_embeddings: false }).tiedEmbeddings).toBe(false);
    expect(read({ attention_bias: false }).bias.queryKeyValue).toBe(false);
    const qwen2 = { model_type: 'qwen2', num_key_value_heads: 2 };
    expect(read({ ...qwen2, attention_bias: false }).bias.queryKeyValue).toBe(true); // as transformers has it
  });

  it('auto_map may name classes that transformers has, from this repository or another', () => {
    const AutoModel = 'someone/else--modeling_llama.LlamaModel';
    expect(read({ auto_map: { AutoConfig: 'a.LlamaConfig', AutoModel, AutoTokenizer: ['a.B', null] } })).toEqual(
      read(),
    );
  });

  it('a family may be wide as long as its tensors are: head size apart from the hidden size', () => {
    expect(read({ hidden_size: 18, head_dim: 6 }).headSize).toBe(6);
  });
});
