import type { Block } from '../../model/block.ts';
import { rotaryOf } from '../../model/rope.ts';
import type { Transformer } from '../../model/weights.ts';
import { type Declared, declareLayerNorm } from '../checkpoint/declared.ts';
import { attentionBias, type Family, noWindows, readLlamaShape } from './family.ts';
import { llamaArchitecture } from './llama-layout.ts';

/**
 * Cohere (Command R): layer norms without bias, attention and feed-forward network on the same normalised rows, rotary
 * planes of neighbouring dimensions, scaled logits.
 * @source transformers `models/cohere/configuration_cohere.py`, `modeling_cohere.py`
 */
export const cohere: Family = {
  modelType: 'cohere',
  architectures: ['CohereForCausalLM', 'CohereModel'],
  read: (fields) => {
    const shape = readLlamaShape(fields, {
      modelType: 'cohere',
      contextLength: 8192,
      keyValueHeads: null,
      epsilon: { key: 'layer_norm_eps', fallback: 1e-5 },
      tied: true,
      rope: { theta: 500000 },
      bias: attentionBias,
      windows: noWindows,
    });
    const { hiddenSize, heads, keyValueHeads, headSize, normEpsilon } = shape;
    const rotary = rotaryOf(shape.rope, headSize, true);
    const normed = fields.boolean('use_qk_norm', false);
    const scale = fields.number('logit_scale', fields.has('logit_scale') ? undefined : 0.0625);
    const norm = (path: string) => declareLayerNorm(path, hiddenSize, normEpsilon, { bias: false });
    const headNorm = (path: string, parts: number) =>
      normed ? declareLayerNorm(path, [parts, headSize], normEpsilon, { bias: false, options: { parts } }) : null;
    const block = ({ path, norms, attention, ...rest }: Block<Declared>): Block<Declared> => ({
      ...rest,
      path,
      norms: { ...norms, beforeAttention: norm(`${path}.input_layernorm`), beforeFeedForward: null },
      attention: {
        ...attention,
        rotary,
        queryNorm: headNorm(`${attention.path}.q_norm`, heads),
        keyNorm: headNorm(`${attention.path}.k_norm`, keyValueHeads),
      },
      parallel: true,
    });
    const model = (plain: Transformer<Declared>) => ({
      ...plain,
      norm: norm('model.norm'),
      logits: { scale, softCap: null },
    });
    return llamaArchitecture(shape, { block, model });
  },
};
