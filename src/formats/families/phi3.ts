import { FormatError } from '../../errors.ts';
import type { Block } from '../../model/block.ts';
import type { Declared } from '../checkpoint/declared.ts';
import type { Fields } from '../fields.ts';
import { type Family, noBias, oneWindow, readLlamaShape } from './family.ts';
import { withFusedInputs } from './fused-inputs.ts';
import { type LlamaShape, llamaArchitecture } from './llama-layout.ts';
import { readTurnedDimensions } from './rope.ts';

/**
 * Phi-3: queries, keys and values in one matrix, gate and up in another; a part of each head is turned; a window in all
 * layers or in none. With longrope, texts end at the original context.
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
      rope: { partial: true, types: ['default', 'longrope'], originalContext: 4096 },
      bias: noBias,
      windows: oneWindow(null),
    });
    fields.ignore(['full_attn_mod', 'interpolate_factor']); // transformers looks at neither
    const turned = readTurnedDimensions(fields, shape.headSize);
    const contextLength = longestText(fields, shape, turned / 2);
    return llamaArchitecture(
      { ...shape, contextLength, turned },
      {
        block: (block) => withFusedInputs(block, shape),
        model: (plain) => ({ ...plain, weightless: ['model.rotary_emb', ...plain.blocks.flatMap(weightless)] }),
      },
    );
  },
};

/**
 * Once a text grows past the original context, longrope turns all of its tokens by other angles, so that what a prefix
 * says would depend on what follows it: texts end there.
 */
function longestText(fields: Fields, { rope: { scaling }, contextLength }: LlamaShape, planes: number): number {
  if (scaling.type !== 'longrope') return contextLength;
  const factors = scaling.shortFactors.length;
  if (factors === planes) return Math.min(contextLength, scaling.originalContext);
  throw new FormatError(fields.labelOf('rope_scaling'), `${planes} short factors, one per plane`, `${factors}`);
}

function weightless({ path, feedForward }: Block<Declared>): string[] {
  return [`${feedForward.path}.activation_fn`, `${path}.resid_attn_dropout`, `${path}.resid_mlp_dropout`];
}
