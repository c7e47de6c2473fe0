import type { Family } from './family.ts';
import { gemmaArchitecture, readCap, readGemmaShape } from './gemma-layout.ts';

/**
 * Gemma 2: soft caps on scores and logits, a window in every other layer from the first on.
 * @source transformers `models/gemma2/configuration_gemma2.py`, `modeling_gemma2.py`; Gemma Team 2024, arXiv 2408.00118
 */
export const gemma2: Family = {
  modelType: 'gemma2',
  architectures: ['Gemma2ForCausalLM', 'Gemma2Model'],
  read: (fields) => {
    const shape = readGemmaShape(fields, { modelType: 'gemma2', contextLength: 8192 }, (layer) => layer % 2 === 0);
    const softCap = readCap(fields, 'attn_logit_softcapping', 50);
    return gemmaArchitecture(fields, shape, readCap(fields, 'final_logit_softcapping', 30), (attention) => ({
      ...attention,
      shape: { ...attention.shape, softCap },
    }));
  },
};
