import type { Block } from '../../model/block.ts';
import { type Declared, declareRmsNorm } from '../checkpoint/declared.ts';
import { attentionBias, type Family, noWindows, readLlamaShape } from './family.ts';
import { type LlamaShape, llamaArchitecture } from './llama-layout.ts';

/**
 * OLMo 2: norms after attention and after the feed-forward network instead of before, and norms of all queries and of
 * all keys.
 * @source transformers `models/olmo2/configuration_olmo2.py`, `modeling_olmo2.py`; OLMo et al. 2024, arXiv 2501.00656,
 * section 2.1
 */
export const olmo2: Family = {
  modelType: 'olmo2',
  architectures: ['Olmo2ForCausalLM', 'Olmo2Model'],
  read: (fields) => {
    const shape = readLlamaShape(fields, {
      modelType: 'olmo2',
      contextLength: 2048,
      keyValueHeads: null,
      epsilon: { key: 'rms_norm_eps', fallback: 1e-5 },
      bias: attentionBias,
      windows: noWindows,
    });
    return llamaArchitecture(shape, { block: (block) => normalisedAfter(block, shape) });
  },
};

function normalisedAfter(block: Block<Declared>, shape: LlamaShape): Block<Declared> {
  const { path, attention } = block;
  const { hiddenSize, heads, keyValueHeads, headSize, normEpsilon } = shape;
  const norm = (at: string, size: number) => declareRmsNorm(at, size, normEpsilon);
  return {
    ...block,
    norms: {
      beforeAttention: null,
      afterAttention: norm(`${path}.post_attention_layernorm`, hiddenSize),
      beforeFeedForward: null,
      afterFeedForward: norm(`${path}.post_feedforward_layernorm`, hiddenSize),
    },
    attention: {
      ...attention,
      queryNorm: norm(`${attention.path}.q_norm`, heads * headSize),
      keyNorm: norm(`${attention.path}.k_norm`, keyValueHeads * headSize),
    },
  };
}
