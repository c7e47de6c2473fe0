import { attentionBias, type Family, readLlamaShape } from './family.ts';
import { withHeadNorms } from './head-norms.ts';
import { llamaArchitecture } from './llama-layout.ts';
import { readWindows } from './qwen2.ts';

/**
 * Qwen 3: Llama with a norm over each head of queries and keys before they are turned; windows as in Qwen 2.
 * @source transformers `models/qwen3/configuration_qwen3.py`, `modeling_qwen3.py`
 */
export const qwen3: Family = {
  modelType: 'qwen3',
  architectures: ['Qwen3ForCausalLM', 'Qwen3Model'],
  read: (fields) => {
    const shape = readLlamaShape(fields, {
      modelType: 'qwen3',
      contextLength: 32768,
      keyValueHeads: 32,
      headSize: 128,
      bias: attentionBias,
      windows: readWindows,
    });
    return llamaArchitecture(shape, {
      block: (block) => ({ ...block, attention: withHeadNorms(block.attention, shape.normEpsilon) }),
    });
  },
};
