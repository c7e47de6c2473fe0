import { readActivation } from './activation.ts';
import type { Family } from './family.ts';
import { type GptNames, gptArchitecture } from './gpt-layout.ts';
import { readHiddenAndHeads, readSize } from './sizes.ts';

const NAMES: GptNames = {
  ...{ decoder: 'transformer', embedding: 'wte', positions: 'wpe', blocks: 'h', norms: ['ln_1', 'ln_2'], norm: 'ln_f' },
  ...{ attention: 'attn', fused: 'c_attn', output: 'c_proj', feedForward: 'mlp', up: 'c_fc', down: 'c_proj' },
  head: 'lm_head',
  weightless: { decoder: ['drop'], block: ['attn.attn_dropout', 'attn.resid_dropout', 'mlp.act', 'mlp.dropout'] },
  buffers: 'attn\\.(bias|masked_bias)',
};

/**
 * Of other tasks, of training, of older programs, and the context length's old second name: transformers looks at none
 * of them.
 */
const IGNORED = [
  ...['summary_type', 'summary_use_proj', 'summary_activation', 'summary_proj_to_labels', 'summary_first_dropout'],
  ...['attn_pdrop', 'n_ctx', 'n_special', 'predict_special_tokens', 'output_past', '_num_labels'],
];

/**
 * GPT-2: learned positions, matrices that lie transposed, one fused projection.
 * @source transformers `models/gpt2/configuration_gpt2.py`, `modeling_gpt2.py`; Radford et al. 2019, "Language Models
 * are Unsupervised Multitask Learners"
 */
export const gpt2: Family = {
  modelType: 'gpt2',
  architectures: ['GPT2LMHeadModel', 'GPT2Model'],
  loraTargets: ['c_attn'],
  read: (fields) => {
    const sizes = readHiddenAndHeads(fields, ['n_embd', 'hidden_size'], ['n_head', 'num_attention_heads']);
    const layers = readSize(fields, ['n_layer', 'num_hidden_layers'], 'layers');
    const scale = fields.boolean('scale_attn_weights', true) ? 1 / Math.sqrt(sizes.headSize) : 1;
    const byLayer = fields.boolean('scale_attn_by_inverse_layer_idx', false);
    fields.boolean('reorder_and_upcast_attn', false); // an order and a width of the same computation
    fields.ignore(IGNORED);
    const shape = {
      ...{ family: 'gpt2', ...sizes, layers, vocabularySize: readSize(fields, ['vocab_size'], 'size') },
      mlpSize: readSize(fields, ['n_inner'], 'size', 4 * sizes.hiddenSize),
      contextLength: readSize(fields, ['n_positions', 'max_position_embeddings'], 'context', 1024),
      normEpsilon: fields.number('layer_norm_epsilon', 1e-5, { least: 0 }),
      activation: readActivation(fields, 'activation_function', 'gelu_new'),
      scales: Array.from({ length: layers }, (_, layer) => (byLayer ? scale / (layer + 1) : scale)),
      tiedEmbeddings: fields.boolean('tie_word_embeddings', true),
      ...{ rotary: null, attentionBias: true, parallel: false, headByHead: false, transposed: true },
    };
    return gptArchitecture(shape, NAMES);
  },
};
