import { matrixShape } from '../../../numerics/tensor.ts';
import { type ModelFault, withUpdates } from './model-fault.ts';

const adapterIgnored: ModelFault = {
  name: 'adapter-ignored',
  description: 'The adapter is loaded, and has no effect.',
  references: [{ where: 'huggingface/peft#2090', title: 'an unknown adapter name silently gives the base' }],
  adapter: () => null,
};

const rawAlpha: ModelFault = {
  name: 'raw-alpha-scale',
  description: 'The scale of a LoRA is alpha, not alpha divided by its rank or the root of it.',
  references: [{ where: 'Blaizzy/mlx-vlm#841', title: 'alpha is used as the scale' }],
  adapter: ({ adapter, config: { rankStabilized } }) =>
    withUpdates(adapter, (update) => {
      const [rank] = matrixShape('A', update.a);
      return { ...update, scale: update.scale * (rankStabilized ? Math.sqrt(rank) : rank) };
    }),
};

const scaleOne: ModelFault = {
  name: 'adapter-scale-one',
  description: 'The product B A is added without any scale.',
  references: [{ where: 'hao-ai-lab/FastVideo#870', title: 'the merge ignores alpha / r' }],
  adapter: ({ adapter }) => withUpdates(adapter, (update) => ({ ...update, scale: 1 })),
};

const rankStabilizedIgnored: ModelFault = {
  name: 'rslora-ignored',
  description: 'The scale of a rank-stabilised LoRA is alpha / r, not alpha / sqrt(r).',
  references: [
    { where: 'vllm-project/vllm#6909', title: 'use_rslora is ignored' },
    { where: 'NVIDIA/TensorRT-LLM#1668', title: 'use_rslora is ignored' },
  ],
  adapter: ({ adapter, config: { rankStabilized } }) =>
    withUpdates(adapter, (update) => {
      const [rank] = matrixShape('A', update.a);
      return { ...update, scale: rankStabilized ? update.scale / Math.sqrt(rank) : update.scale };
    }),
};

const patternsIgnored: ModelFault = {
  name: 'alpha-pattern-ignored',
  description: 'Every module has the scale that alpha and r of the file give, whatever its own are.',
  references: [],
  adapter: ({ adapter, config: { alpha, rank, rankStabilized } }) =>
    withUpdates(adapter, (update) => ({ ...update, scale: alpha / (rankStabilized ? Math.sqrt(rank) : rank) })),
};

const headAdapterIgnored: ModelFault = {
  name: 'lm-head-adapter-ignored',
  description: 'A LoRA on the LM head has no effect.',
  references: [{ where: 'vllm-project/vllm#51594', title: 'LM-head LoRA missing from prompt_logprobs' }],
  adapter: ({ adapter, base }) => withUpdates(adapter, (update, path) => (path === base.head.path ? null : update)),
};

const storedHeadIgnored: ModelFault = {
  name: 'stored-head-ignored',
  description: 'The LM head that the file of an adapter holds is not used: that of the base stays.',
  references: [],
  adapter: ({ adapter }) => withUpdates(adapter, ({ a, b, scale }) => ({ a, b, scale })),
};

const layersShifted: ModelFault = {
  name: 'adapter-layers-shifted',
  description:
    'The layers that an adapter is on are counted, not taken by their numbers: the first of them is layer 0.',
  references: [{ where: 'predibase/lorax#682', title: 'layer ids misindexed when some layers have no adapter' }],
  adapter: ({ adapter, base }) => {
    const own = (path: string) => base.blocks.findIndex((block) => path.startsWith(`${block.path}.`));
    const adapted = [...new Set([...adapter.updates.keys()].map(own))]
      .filter((layer) => layer >= 0)
      .sort((a, b) => a - b);
    const moved = [...adapter.updates].map(([path, update]) => {
      const layer = own(path);
      if (layer < 0) return [path, update] as const;
      const to = base.blocks[adapted.indexOf(layer)]!.path;
      return [`${to}${path.slice(base.blocks[layer]!.path.length)}`, update] as const;
    });
    return { ...adapter, updates: new Map(moved) };
  },
};

/** Faults of how adapters are read and applied. */
export const ADAPTER_FAULTS: readonly ModelFault[] = [
  ...[adapterIgnored, rawAlpha, scaleOne, rankStabilizedIgnored, patternsIgnored],
  ...[headAdapterIgnored, storedHeadIgnored, layersShifted],
];
