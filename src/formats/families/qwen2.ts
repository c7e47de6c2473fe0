import { FormatError } from '../../errors.ts';
import type { Window } from '../../model/layout.ts';
import type { Fields } from '../fields.ts';
import { type Family, readLayerTypes, readLlamaShape, slidingWindow } from './family.ts';
import { llamaArchitecture } from './llama-layout.ts';

const DEFAULT_WINDOW = 4096;
const DEFAULT_FULL_LAYERS = 28;

/**
 * Qwen 2 and 2.5: biases on query, key and value; windows, if switched on, in all but the first layers.
 * @source transformers `models/qwen2/configuration_qwen2.py`, `modeling_qwen2.py`
 */
export const qwen2: Family = {
  modelType: 'qwen2',
  architectures: ['Qwen2ForCausalLM', 'Qwen2Model'],
  read: (fields) => {
    fields.only('use_mrope', false);
    return llamaArchitecture(
      readLlamaShape(fields, {
        modelType: 'qwen2',
        contextLength: 32768,
        keyValueHeads: 32,
        bias: () => {
          fields.boolean('attention_bias', true); // transformers does not look at it
          fields.only('mlp_bias', false);
          return { queryKeyValue: true, attentionOutput: false, mlp: false };
        },
        windows: readWindows,
      }),
    );
  },
};

/**
 * Per layer: a window, if switched on, in those that `layer_types` names, or else in all but the first
 * `max_window_layers`.
 * @throws {@link FormatError} when a layer is to have a window and there is none.
 */
export function readWindows(fields: Fields, layers: number): (Window | null)[] {
  const on = fields.boolean('use_sliding_window', false);
  const fullLayers = fields.integer('max_window_layers', DEFAULT_FULL_LAYERS, { least: 0 });
  const none = fields.raw('sliding_window') === null;
  const given = none ? null : fields.integer('sliding_window', DEFAULT_WINDOW, { least: 1 });
  const window = slidingWindow(on ? given : null);
  const types = readLayerTypes(fields, layers);
  if (types === null) return Array.from({ length: layers }, (_, layer) => (layer >= fullLayers ? window : null));
  if (window === null && types.includes('sliding_attention')) {
    throw new FormatError(fields.labelOf('layer_types'), 'a sliding window for sliding_attention', 'none');
  }
  return types.map((type) => (type === 'sliding_attention' ? window : null));
}
