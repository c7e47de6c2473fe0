import { type Rotary, rotaryOf } from '../../model/rope.ts';
import type { Fields } from '../fields.ts';
import { readActivation } from './activation.ts';
import type { Family } from './family.ts';
import { type GptNames, gptArchitecture } from './gpt-layout.ts';
import { type RopeTraits, readRope, readTurnedDimensions, readTurnedPart } from './rope.ts';
import { readHiddenAndHeads, readSize } from './sizes.ts';

const NAMES: GptNames = {
  ...{ decoder: 'gpt_neox', embedding: 'embed_in', positions: null, blocks: 'layers', norm: 'final_layer_norm' },
  ...{ norms: ['input_layernorm', 'post_attention_layernorm'], attention: 'attention', fused: 'query_key_value' },
  ...{ output: 'dense', feedForward: 'mlp', up: 'dense_h_to_4h', down: 'dense_4h_to_h', head: 'embed_out' },
  weightless: {
    decoder: ['emb_dropout', 'rotary_emb'],
    block: ['post_attention_dropout', 'post_mlp_dropout', 'mlp.act'],
  },
  buffers: 'attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)',
};

const ROPE: RopeTraits = { partial: true, thetaKey: 'rotary_emb_base', part: { key: 'rotary_pct', fallback: 0.25 } };

/**
 * GPT-NeoX and Pythia: attention and feed-forward network in parallel, rotary embedding on a part of each head, one
 * fused projection in which query, key and value of a head are neighbours.
 * @source transformers `models/gpt_neox/configuration_gpt_neox.py`, `modeling_gpt_neox.py`; Black et al. 2022, arXiv
 * 2204.06745
 */
export const gptNeox: Family = {
  modelType: 'gpt_neox',
  architectures: ['GPTNeoXForCausalLM', 'GPTNeoXModel'],
  loraTargets: ['query_key_value'],
  headAliases: ['lm_head'], // in transformers 5; checkpoints have embed_out
  read: (fields) => {
    const sizes = readHiddenAndHeads(fields, ['hidden_size'], ['num_attention_heads']);
    const layers = readSize(fields, ['num_hidden_layers'], 'layers');
    const contextLength = readSize(fields, ['max_position_embeddings'], 'context', 2048);
    fields.only('head_dim', sizes.headSize);
    fields.ignore(['hidden_dropout', 'hidden_dropout_prob', 'attention_probs_dropout_prob', 'classifier_dropout']);
    const shape = {
      ...{ family: 'gpt_neox', ...sizes, layers, contextLength },
      vocabularySize: readSize(fields, ['vocab_size'], 'size'),
      mlpSize: readSize(fields, ['intermediate_size'], 'size'),
      normEpsilon: fields.number('layer_norm_eps', 1e-5, { least: 0 }),
      activation: readActivation(fields, 'hidden_act', 'gelu'),
      scales: new Array<number>(layers).fill(1 / Math.sqrt(sizes.headSize)),
      rotary: readRotary(fields, sizes.headSize, contextLength),
      attentionBias: fields.boolean('attention_bias', true),
      parallel: fields.boolean('use_parallel_residual', true),
      tiedEmbeddings: fields.boolean('tie_word_embeddings', false),
      ...{ headByHead: true, transposed: false },
    };
    return gptArchitecture(shape, NAMES);
  },
};

/**
 * The keys that other families have for base and part mean nothing to this one, so they must not contradict its own.
 */
function readRotary(fields: Fields, headSize: number, contextLength: number): Rotary {
  const rope = readRope(fields, contextLength, ROPE);
  fields.only('rope_theta', rope.theta);
  fields.only('partial_rotary_factor', readTurnedPart(fields, ROPE));
  return rotaryOf(rope, readTurnedDimensions(fields, headSize, ROPE));
}
