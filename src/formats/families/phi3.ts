import type { Block } from '../../model/block.ts';
import { rotaryOf } from '../../model/rope.ts';
import type { Declared } from '../checkpoint/declared.ts';
import { type Family, noBias, oneWindow, readLlamaShape } from './family.ts';
import { withFusedInputs } from './fused-inputs.ts';
import { llamaArchitecture } from './llama-layout.ts';
import { readTurnedDimensions } from './rope.ts';

/**
 * Phi-3: queries, keys and values in one matrix, gate and up in another; a part of each head is turned; a window in all
 * layers or in none.
 * @source transformers `models/phi3/configuration_phi3.py`, `modeling_phi3.py`; Abdin et al. 2024, arXiv 2404.14219
 */
export const phi3: Family = {
  modelType: 'phi3',
  architectures: ['Phi3ForCausalLM', 'Phi3Model'],
  read: (fields) => {
    const shape = readLlamaShape(fields, {
      modelType: 'phi3',
      contextLength: 4096,
      keyValueHeads: null,
      epsilon: { key: 'rms_norm_eps', fallback: 1e-5 },
      rope: { partial: true, types: ['default'] }, // longrope turns a token by another angle once its text is long
      bias: noBias,
      windows: oneWindow(null),
    });
    const rotary = rotaryOf(shape.rope, readTurnedDimensions(fields, shape.headSize));
    return llamaArchitecture(shape, {
      block: (block) => withFusedInputs({ ...block, attention: { ...block.attention, rotary } }, shape),
      model: (plain) => ({ ...plain, weightless: ['model.rotary_emb', ...plain.blocks.flatMap(weightless)] }),
    });
  },
};

function weightless({ path, feedForward }: Block<Declared>): string[] {
  return [`${feedForward.path}.activation_fn`, `${path}.resid_attn_dropout`, `${path}.resid_mlp_dropout`];
}
