import { type Family, readDecoder, uniformWindows } from './family.ts';

/**
 * Llama 1 to 3.
 * @source transformers `models/llama/configuration_llama.py`, `modeling_llama.py`
 */
export const llama: Family = {
  modelType: 'llama',
  architectures: ['LlamaForCausalLM', 'LlamaModel'],
  read: (fields) =>
    readDecoder(fields, {
      modelType: 'llama',
      contextLength: 2048,
      keyValueHeads: null,
      bias: () => {
        const attention = fields.boolean('attention_bias', false);
        return { queryKeyValue: attention, attentionOutput: attention, mlp: fields.boolean('mlp_bias', false) };
      },
      windows: (_, layers) => {
        fields.only('sliding_window');
        return uniformWindows(fields, layers, null);
      },
    }),
};
