import { type Family, noBias, oneWindow, readLlamaShape } from './family.ts';
import { llamaArchitecture } from './llama-layout.ts';

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
        bias: noBias,
        windows: oneWindow(4096),
      }),
    ),
};
