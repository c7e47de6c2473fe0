import { type Family, readLlamaShape, uniformWindows } from './family.ts';
import { llamaArchitecture } from './llama-layout.ts';

/** What an absent `sliding_window` means; null means none. */
const DEFAULT_WINDOW = 4096;

/**
 * Mistral: a window in all layers or in none, no biases.
 * @source transformers `models/mistral/configuration_mistral.py`, `modeling_mistral.py`; Jiang et al. 2023, arXiv
 * 2310.06825
 */
export const mistral: Family = {
  modelType: 'mistral',
  architectures: ['MistralForCausalLM', 'MistralModel'],
  read: (fields) =>
    llamaArchitecture(
      readLlamaShape(fields, {
        modelType: 'mistral',
        contextLength: 131072,
        keyValueHeads: 8,
        bias: () => {
          fields.only('attention_bias', false);
          fields.only('mlp_bias', false);
          return { queryKeyValue: false, attentionOutput: false, mlp: false };
        },
        windows: (_, layers) => {
          fields.ignore(['max_window_layers']);
          const none = fields.raw('sliding_window') === null;
          const window = none ? null : fields.integer('sliding_window', DEFAULT_WINDOW, { least: 1 });
          return uniformWindows(fields, layers, window);
        },
      }),
    ),
};
