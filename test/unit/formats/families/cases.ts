/** What every family's test does, as data: the least configuration, what it means, and what is refused. */
import { readArchitecture } from '../../../../src/formats/families/index.ts';

type Changes = Record<string, unknown>;
type Refusal = readonly [changes: Changes, message: RegExp];

export interface FamilyCases {
  /** The least that a config.json must say, besides its `model_type`. */
  readonly least: Changes;
  /**
   * What the keys that it leaves out mean to transformers. The base of rotary embedding is null where there is none.
   */
  readonly absent: {
    readonly contextLength: number;
    readonly tiedEmbeddings: boolean;
    readonly epsilon: number;
    readonly keyValueHeads: number;
    readonly headSize: number;
    readonly theta: number | null;
  };
  /** What is not implemented. */
  readonly refused: readonly Refusal[];
  /** What no model may say. */
  readonly wrong: readonly Refusal[];
}

const sizes = { vocab_size: 32, hidden_size: 16, intermediate_size: 24 };

export const CASES = {
  cohere: {
    least: { ...sizes, num_hidden_layers: 2, num_attention_heads: 4 },
    absent: {
      ...{ contextLength: 8192, tiedEmbeddings: true, epsilon: 1e-5, keyValueHeads: 4, headSize: 4, theta: 500000 },
    },
    refused: [
      [{ rms_norm_eps: 1e-6 }, /rms_norm_eps: expected a known key/],
      [{ mlp_bias: true }, /mlp_bias: expected false/],
      [{ sliding_window: 4096 }, /sliding_window: expected null/],
      [{ hidden_act: 'gelu' }, /hidden_act/],
      [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor/],
      [{ architectures: ['Cohere2ForCausalLM'] }, /architectures: expected CohereForCausalLM or CohereModel/],
    ],
    wrong: [
      [{ logit_scale: null }, /logit_scale/],
      [{ logit_scale: 'half' }, /logit_scale/],
    ],
  },
  gemma2: {
    least: { ...sizes, num_hidden_layers: 3, num_attention_heads: 4 },
    absent: {
      ...{ contextLength: 8192, tiedEmbeddings: true, epsilon: 1e-6, keyValueHeads: 4, headSize: 256, theta: 10000 },
    },
    refused: [
      [{ hidden_activation: 'silu' }, /hidden_activation: expected "gelu_pytorch_tanh" .*, got "silu"/],
      [{ use_bidirectional_attention: true }, /use_bidirectional_attention/],
      [{ mlp_bias: true }, /mlp_bias/],
      [{ sliding_window_pattern: 2 }, /sliding_window_pattern: expected a known key/],
      [{ model_type: 'gemma3' }, /model_type: expected .*gemma3_text.*, got "gemma3"/],
    ],
    wrong: ['query_pre_attn_scalar', 'attn_logit_softcapping', 'final_logit_softcapping'].map(
      (key): Refusal => [{ [key]: 0 }, new RegExp(`${key}: expected a number above 0, got 0`)],
    ),
  },
  gemma3_text: {
    least: { ...sizes, num_hidden_layers: 3, num_attention_heads: 4 },
    absent: {
      ...{ contextLength: 131072, tiedEmbeddings: true, epsilon: 1e-6, keyValueHeads: 4, headSize: 256, theta: 10000 },
    },
    refused: [[{ original_max_position_embeddings: 8 }, /original_max_position_embeddings/]],
    wrong: [[{ sliding_window_pattern: 0 }, /sliding_window_pattern/]],
  },
  gpt2: {
    least: { vocab_size: 32, n_embd: 12, n_layer: 2, n_head: 3 },
    absent: { contextLength: 1024, tiedEmbeddings: true, epsilon: 1e-5, keyValueHeads: 3, headSize: 4, theta: null },
    refused: [
      [{ activation_function: 'gelu_10' }, /activation_function: expected silu, .*, got "gelu_10"/],
      [{ add_cross_attention: true }, /add_cross_attention/],
      [{ architectures: ['GPT2DoubleHeadsModel'] }, /expected GPT2LMHeadModel or GPT2Model/],
      [{ hidden_act: 'gelu' }, /hidden_act: expected a known key/],
      [{ rope_theta: 10000 }, /rope_theta/],
      [{ auto_map: { AutoModelForCausalLM: 'modeling_x.XGPT2LMHeadModel' } }, /such as GPT2Model/],
    ],
    wrong: [
      [{ n_embd: 13 }, /n_embd: expected a multiple of 3 heads, got 13/],
      [{ n_embd: null }, /n_embd: expected an integer .*, got null/],
      [{ n_layer: 1e9 }, /n_layer: expected an integer of at least 1 and of at most 4096/],
      [{ n_inner: 0 }, /n_inner/],
      [{ n_positions: 0 }, /n_positions/],
      [{ activation_function: 3 }, /activation_function: expected a string/],
    ],
  },
  gpt_neox: {
    least: { ...sizes, num_hidden_layers: 1, num_attention_heads: 2 },
    absent: { contextLength: 2048, tiedEmbeddings: false, epsilon: 1e-5, keyValueHeads: 2, headSize: 8, theta: 10000 },
    refused: [
      [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor: expected 0\.25/],
      [{ rope_theta: 500 }, /rope_theta: expected 10000/],
      [{ hidden_act: 'gelu_10' }, /hidden_act: expected silu, .*, got "gelu_10"/],
      [{ head_dim: 4 }, /head_dim: expected 8/],
      [{ architectures: ['GPTNeoXForTokenClassification'] }, /expected GPTNeoXForCausalLM or GPTNeoXModel/],
    ],
    wrong: [
      [{ rotary_pct: 0.4 }, /rotary_pct: expected an even number of the 8 dimensions of a head, got 3/],
      [{ rotary_pct: 0.1 }, /an even number of the 8 .*, got 0/],
      [{ rotary_pct: 1.5 }, /rotary_pct: expected a number above 0 and of at most 1/],
      [{ hidden_size: 15 }, /hidden_size: expected a multiple of 2 heads, got 15/],
      [{ intermediate_size: null }, /intermediate_size: expected an integer .*, got null/],
    ],
  },
  llama: {
    least: { ...sizes, num_hidden_layers: 3, num_attention_heads: 4 },
    absent: { contextLength: 2048, tiedEmbeddings: false, epsilon: 1e-6, keyValueHeads: 4, headSize: 4, theta: 10000 },
    refused: [
      [{ architectures: ['LlamaForSequenceClassification'] }, /architectures: expected LlamaForCausalLM or LlamaModel/],
    ],
    wrong: [],
  },
  mistral: {
    least: { ...sizes, num_hidden_layers: 3, num_attention_heads: 8 },
    absent: {
      ...{ contextLength: 131072, tiedEmbeddings: false, epsilon: 1e-6, keyValueHeads: 8, headSize: 2, theta: 10000 },
    },
    refused: [[{ attention_bias: true }, /attention_bias: expected false/]],
    wrong: [],
  },
  mixtral: {
    least: { ...sizes, num_hidden_layers: 1, num_attention_heads: 8 },
    absent: {
      ...{ contextLength: 131072, tiedEmbeddings: false, epsilon: 1e-5, keyValueHeads: 8, headSize: 2, theta: 1e6 },
    },
    refused: [
      [{ attention_bias: true }, /attention_bias: expected false/],
      [{ num_experts: 4 }, /num_experts: expected a known key/],
      [{ architectures: ['MixtralForSequenceClassification'] }, /architectures: expected MixtralForCausalLM/],
    ],
    wrong: [
      [{ num_experts_per_tok: 9 }, /num_experts_per_tok: expected an integer of at least 1 and of at most 8/],
      [{ num_experts_per_tok: 0 }, /num_experts_per_tok/],
      [{ num_local_experts: 0 }, /num_local_experts/],
      [{ num_local_experts: 2 ** 20 }, /num_local_experts/],
    ],
  },
  olmo2: {
    least: { ...sizes, num_hidden_layers: 1, num_attention_heads: 4 },
    absent: { contextLength: 2048, tiedEmbeddings: false, epsilon: 1e-5, keyValueHeads: 4, headSize: 4, theta: 10000 },
    refused: [
      [{ mlp_bias: true }, /mlp_bias: expected false/],
      [{ sliding_window: 4096 }, /sliding_window: expected null/],
      [{ clip_qkv: 8 }, /clip_qkv: expected a known key/],
      [{ hidden_act: 'gelu' }, /hidden_act/],
      [{ architectures: ['Olmo3ForCausalLM'] }, /architectures: expected Olmo2ForCausalLM or Olmo2Model/],
      [{ layer_types: ['sliding_attention'] }, /layer_types/],
    ],
    wrong: [],
  },
  phi3: {
    least: { ...sizes, num_hidden_layers: 1, num_attention_heads: 4 },
    absent: { contextLength: 4096, tiedEmbeddings: false, epsilon: 1e-5, keyValueHeads: 4, headSize: 4, theta: 10000 },
    refused: [
      [{ attention_bias: true }, /attention_bias: expected false/],
      [{ hidden_act: 'gelu' }, /hidden_act/],
      [{ architectures: ['PhiForCausalLM'] }, /architectures: expected Phi3ForCausalLM or Phi3Model/],
      [{ auto_map: { AutoModelForCausalLM: 'modeling_phi3.Phi3SmallForCausalLM' } }, /auto_map/],
      ...['yarn', 'linear', 'llama3', 'dynamic'].map(
        (type): Refusal => [
          { rope_scaling: { type, factor: 2 } },
          new RegExp(`rope_scaling: rope_type: expected default or longrope, got ${type}`),
        ],
      ),
    ],
    wrong: [],
  },
  qwen2: {
    least: { ...sizes, num_hidden_layers: 3, num_attention_heads: 4, num_key_value_heads: 2 },
    absent: { contextLength: 32768, tiedEmbeddings: false, epsilon: 1e-6, keyValueHeads: 2, headSize: 4, theta: 10000 },
    refused: [[{ use_mrope: true }, /use_mrope/]],
    wrong: [],
  },
  qwen3: {
    least: { ...sizes, hidden_size: 18, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2 },
    absent: {
      ...{ contextLength: 32768, tiedEmbeddings: false, epsilon: 1e-6, keyValueHeads: 2, headSize: 128, theta: 10000 },
    },
    refused: [
      [{ mlp_bias: true }, /mlp_bias/],
      [{ num_experts: 8 }, /num_experts: expected a known key/],
      [{ architectures: ['Qwen3ForSequenceClassification'] }, /architectures/],
    ],
    wrong: [
      [{ head_dim: null }, /head_dim: expected an integer .*, got null/],
      [{ head_dim: 5 }, /head_dim: expected an even number, for rotary embedding, got 5/],
      [{ num_key_value_heads: undefined }, /a divisor of 4 heads, got 32/],
    ],
  },
} as const satisfies Record<string, FamilyCases>;

/** Reads the least config.json of a family, with changes; undefined takes a key away. */
export function readFamily(family: keyof typeof CASES, changes: Changes = {}) {
  const entries = Object.entries({ model_type: family, ...CASES[family].least, ...changes });
  return readArchitecture('config.json', Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
}
