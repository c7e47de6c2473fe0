import type { Experts } from '../../model/experts.ts';
import type { FeedForward } from '../../model/feed-forward.ts';
import { type Declared, declareLinear } from '../checkpoint/declared.ts';
import { type Family, noBias, oneWindow, readLlamaShape } from './family.ts';
import { type LlamaShape, llamaArchitecture, whole } from './llama-layout.ts';

/** In all layers together, so that a hostile file cannot make us allocate; no real model comes near. */
const MOST_EXPERTS = 2 ** 16;

/**
 * Mixtral: Mistral with experts, of which each token uses a few.
 * @source transformers `models/mixtral/configuration_mixtral.py`, `modeling_mixtral.py`; Jiang et al. 2024, arXiv
 * 2401.04088
 */
export const mixtral: Family = {
  modelType: 'mixtral',
  architectures: ['MixtralForCausalLM', 'MixtralModel'],
  read: (fields) => {
    const shape = readLlamaShape(fields, {
      modelType: 'mixtral',
      contextLength: 131072,
      keyValueHeads: 8,
      epsilon: { key: 'rms_norm_eps', fallback: 1e-5 },
      rope: { theta: 1e6 },
      bias: noBias,
      windows: oneWindow(null),
    });
    fields.ignore(['output_router_logits', 'router_aux_loss_coef', 'router_jitter_noise']); // of training
    const count = fields.integer('num_local_experts', 8, { least: 1, most: Math.floor(MOST_EXPERTS / shape.layers) });
    const perToken = fields.integer('num_experts_per_tok', 2, { least: 1, most: count });
    return llamaArchitecture(shape, {
      block: (block) => ({ ...block, feedForward: experts(`${block.path}.block_sparse_moe`, shape, count, perToken) }),
      model: (plain) => ({ ...plain, weightless: ['model.rotary_emb'] }),
    });
  },
};

function experts(path: string, shape: LlamaShape, count: number, perToken: number): Experts<Declared> {
  const { hiddenSize } = shape;
  return {
    kind: 'experts',
    path,
    router: declareLinear(`${path}.gate`, [count, hiddenSize]),
    experts: Array.from({ length: count }, (_, i) => expert(`${path}.experts.${i}`, shape)),
    perToken,
    normalised: true,
  };
}

function expert(path: string, { hiddenSize, mlpSize }: LlamaShape): FeedForward<Declared> {
  return {
    kind: 'feed-forward',
    path,
    activation: 'silu',
    gate: whole(declareLinear(`${path}.w1`, [mlpSize, hiddenSize])),
    up: whole(declareLinear(`${path}.w3`, [mlpSize, hiddenSize])),
    down: declareLinear(`${path}.w2`, [hiddenSize, mlpSize]),
  };
}
