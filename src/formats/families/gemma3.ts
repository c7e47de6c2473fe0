import { rotaryOf } from '../../model/rope.ts';
import type { Family } from './family.ts';
import { gemmaArchitecture, ONE_PLUS, readCap, readGemmaShape } from './gemma-layout.ts';
import { withHeadNorms } from './head-norms.ts';
import { type RopeTraits, readRope } from './rope.ts';

const FULL: RopeTraits = { theta: 1e6, layerType: 'full_attention' };
const SLIDING: RopeTraits = {
  theta: 1e4,
  layerType: 'sliding_attention',
  thetaKey: 'rope_local_base_freq',
  scaled: false,
};

/**
 * The text model of Gemma 3: a norm over each head of queries and keys; every sixth layer sees all tokens, and the
 * others have a window and another rotary base.
 * @source transformers `models/gemma3/configuration_gemma3.py` (`Gemma3TextConfig`), `modeling_gemma3.py`
 */
export const gemma3: Family = {
  modelType: 'gemma3_text',
  architectures: ['Gemma3ForCausalLM', 'Gemma3TextModel'],
  read: (fields) => {
    const period = fields.integer('sliding_window_pattern', 6, { least: 1 });
    fields.ignore(['_sliding_window_pattern', 'attn_logit_softcapping']); // transformers looks at neither
    fields.only('original_max_position_embeddings');
    const traits = { modelType: 'gemma3_text', contextLength: 131072, rope: FULL };
    const shape = readGemmaShape(fields, traits, (layer) => (layer + 1) % period !== 0);
    const local = rotaryOf(readRope(fields, shape.contextLength, SLIDING), shape.headSize);
    return gemmaArchitecture(fields, shape, readCap(fields, 'final_logit_softcapping', null), (attention) => ({
      ...withHeadNorms(attention, shape.normEpsilon, ONE_PLUS),
      rotary: attention.window === null ? attention.rotary : local,
    }));
  },
};
