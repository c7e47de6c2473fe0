/** The numbers of a model that was put together from parts, for comparison with what its config.json said. */
import type { Architecture } from '../../src/formats/checkpoint/declared.ts';
import { summaryOf } from '../../src/model/summary.ts';

export function numbersOf({ transformer }: Architecture) {
  const { layers, rope, experts: _, windows: __, ...sizes } = summaryOf(transformer, ({ shape }) => shape[0]!);
  const { attention, feedForward, norms } = transformer.blocks[0]!;
  if (feedForward.kind === 'experts') throw new Error('experts have no one MLP');
  return {
    ...sizes,
    layers,
    normEpsilon: norms.beforeAttention?.epsilon ?? null,
    rope: rope[0]!,
    bias: {
      queryKeyValue: attention.query.linear.bias !== null,
      attentionOutput: attention.output.bias !== null,
      mlp: feedForward.down.bias !== null,
    },
    windows: transformer.blocks.map((block) => block.attention.window?.size ?? null),
  };
}
