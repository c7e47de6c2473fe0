import { UnsupportedError } from '../../errors.ts';
import type { Fields } from '../fields.ts';
import { type Family, readLlamaShape, uniformWindows } from './family.ts';
import { llamaArchitecture } from './llama-layout.ts';

/**
 * Llama 1 to 3.
 * @source transformers `models/llama/configuration_llama.py`, `modeling_llama.py`
 */
export const llama: Family = {
  modelType: 'llama',
  // The last one is what the first conversions of Llama 1 wrote.
  architectures: ['LlamaForCausalLM', 'LlamaModel', 'LLaMAForCausalLM'],
  read: (fields) =>
    llamaArchitecture(
      readLlamaShape(fields, {
        modelType: 'llama',
        contextLength: 2048,
        keyValueHeads: null,
        bias: () => {
          const attention = fields.boolean('attention_bias', false);
          return { queryKeyValue: attention, attentionOutput: attention, mlp: fields.boolean('mlp_bias', false) };
        },
        windows: (_, layers, contextLength) => {
          checkWindow(fields, contextLength);
          fields.ignore(['max_window_layers']);
          return uniformWindows(fields, layers, null);
        },
      }),
    ),
};

/**
 * The model has no window, but transformers cuts the cache of keys and values at `sliding_window`: with one shorter
 * than the context, its logits depend on whether it uses the cache.
 */
function checkWindow(fields: Fields, contextLength: number): void {
  if (fields.integer('sliding_window', contextLength, { least: 1 }) >= contextLength) return;
  const expected = `null, or at least the context length ${contextLength} (Llama has no window)`;
  throw new UnsupportedError(fields.labelOf('sliding_window'), expected, `${fields.raw('sliding_window')}`);
}
