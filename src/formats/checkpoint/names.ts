/**
 * Names and shapes of a checkpoint's tensors.
 * @packageDocumentation
 */
import type { ModelConfig } from '../../model/config.ts';

/** Module paths of one block, which are also those that adapters use. */
export function blockPaths(layer: number) {
  const block = `model.layers.${layer}`;
  return {
    block,
    attentionNorm: `${block}.input_layernorm`,
    query: `${block}.self_attn.q_proj`,
    key: `${block}.self_attn.k_proj`,
    value: `${block}.self_attn.v_proj`,
    output: `${block}.self_attn.o_proj`,
    mlpNorm: `${block}.post_attention_layernorm`,
    gate: `${block}.mlp.gate_proj`,
    up: `${block}.mlp.up_proj`,
    down: `${block}.mlp.down_proj`,
  } as const;
}

/** The other modules with weights. */
export const EMBEDDING_PATH = 'model.embed_tokens';
export const NORM_PATH = 'model.norm';
export const HEAD_PATH = 'lm_head';

/** Names and shapes of the linear layers of a block: [out, in], and whether there is a bias. */
export function blockLinearShapes(config: ModelConfig) {
  const { hiddenSize, mlpSize, bias } = config;
  const query = config.heads * config.headSize;
  const keyValue = config.keyValueHeads * config.headSize;
  return {
    query: { shape: [query, hiddenSize], bias: bias.queryKeyValue },
    key: { shape: [keyValue, hiddenSize], bias: bias.queryKeyValue },
    value: { shape: [keyValue, hiddenSize], bias: bias.queryKeyValue },
    output: { shape: [hiddenSize, query], bias: bias.attentionOutput },
    gate: { shape: [mlpSize, hiddenSize], bias: bias.mlp },
    up: { shape: [mlpSize, hiddenSize], bias: bias.mlp },
    down: { shape: [hiddenSize, mlpSize], bias: bias.mlp },
  } as const;
}

/**
 * Tensors that old checkpoints hold besides their weights: the rotary frequencies, which follow from the
 * configuration. transformers drops them too.
 */
export function isHarmless(name: string): boolean {
  return /^(model\.)?(layers\.\d+\.self_attn\.)?rotary_emb\.inv_freq$/.test(name);
}
