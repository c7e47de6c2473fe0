import type { Attention } from '../../../model/attention.ts';
import type { Norm } from '../../../model/norm.ts';
import { mapProjections } from '../../../model/projection.ts';
import type { Transformer } from '../../../model/weights.ts';
import type { Stored } from '../../../numerics/stored.ts';
import { type ModelFault, withBlocks } from './model-fault.ts';

type Model = Transformer<Stored>;

function withAttention(model: Model, change: (attention: Attention<Stored>) => Partial<Attention<Stored>>): Model {
  return withBlocks(model, (block) => ({ ...block, attention: { ...block.attention, ...change(block.attention) } }));
}

const windowWider: ModelFault = {
  name: 'window-one-wider',
  description: 'A sliding window of W lets a token see W tokens before itself, not W with itself.',
  references: [{ where: 'ml-explore/mlx-lm#390', title: 'window W against W + 1' }],
  model: (model) =>
    withAttention(model, ({ window }) => ({ window: window === null ? null : { ...window, size: window.size + 1 } })),
};

const windowIgnored: ModelFault = {
  name: 'window-ignored',
  description: 'Every token sees all tokens before it, whatever window its layer has.',
  references: [],
  model: (model) => withAttention(model, () => ({ window: null })),
};

const capsIgnored: ModelFault = {
  name: 'soft-caps-ignored',
  description: 'Neither scores nor logits are capped.',
  references: [],
  model: (model) => ({
    ...withAttention(model, ({ shape }) => ({ shape: { ...shape, softCap: null } })),
    logits: { ...model.logits, softCap: null },
  }),
};

const scoreScale: ModelFault = {
  name: 'score-scale-by-head-size',
  description: 'Scores are divided by the root of the head size, where config.json asks for another scale.',
  references: [],
  model: (model) =>
    withAttention(model, ({ shape }) => ({ shape: { ...shape, scale: 1 / Math.sqrt(shape.headSize) } })),
};

const logitScale: ModelFault = {
  name: 'logit-scale-ignored',
  description: 'Logits are not multiplied by the scale of config.json.',
  references: [],
  model: (model) => ({ ...model, logits: { ...model.logits, scale: 1 } }),
};

const embeddingScale: ModelFault = {
  name: 'embedding-scale-ignored',
  description: 'Embeddings are not multiplied by the root of the hidden size.',
  references: [],
  model: (model) => ({ ...model, embedding: { ...model.embedding, scale: 1 } }),
};

const headNorms: ModelFault = {
  name: 'head-norms-ignored',
  description: 'Queries and keys are not normalised.',
  references: [],
  model: (model) => withAttention(model, () => ({ queryNorm: null, keyNorm: null })),
};

const unoffset = (norm: Norm<Stored> | null): Norm<Stored> | null =>
  norm === null ? null : { ...norm, options: { ...norm.options, offset: 0 } };

const plainGain: ModelFault = {
  name: 'norm-gain-without-one',
  description: 'A norm multiplies by its gain where it should by 1 plus its gain.',
  references: [],
  model: (model) => ({
    ...withBlocks(model, (block) => {
      const { beforeAttention, afterAttention, beforeFeedForward, afterFeedForward } = block.norms;
      const { queryNorm, keyNorm } = block.attention;
      return {
        ...block,
        attention: { ...block.attention, queryNorm: unoffset(queryNorm), keyNorm: unoffset(keyNorm) },
        norms: {
          ...{ beforeAttention: unoffset(beforeAttention), afterAttention: unoffset(afterAttention) },
          ...{ beforeFeedForward: unoffset(beforeFeedForward), afterFeedForward: unoffset(afterFeedForward) },
        },
      };
    }),
    norm: unoffset(model.norm),
  }),
};

const biasIgnored: ModelFault = {
  name: 'attention-bias-ignored',
  description: 'The biases of queries, keys and values are not added.',
  references: [],
  model: (model) =>
    withAttention(model, ({ query, key, value }) => {
      const [q, k, v] = mapProjections([query, key, value], (linear) => ({ ...linear, bias: null }));
      return { query: q!, key: k!, value: v! };
    }),
};

const expertsNotNormalised: ModelFault = {
  name: 'expert-weights-not-normalised',
  description: 'The weights of the chosen experts are not divided by their sum.',
  references: [],
  model: (model) =>
    withBlocks(model, (block) => {
      const { feedForward } = block;
      return feedForward.kind === 'experts' ? { ...block, feedForward: { ...feedForward, normalised: false } } : block;
    }),
};

/** Faults of how layers are put together. */
export const LAYER_FAULTS: readonly ModelFault[] = [
  ...[windowWider, windowIgnored, capsIgnored, scoreScale, logitScale, embeddingScale],
  ...[headNorms, plainGain, biasIgnored, expertsNotNormalised],
];
