import type { Rotary } from '../../model/rope.ts';
import type { Transformer } from '../../model/weights.ts';
import type { Round } from './formats.ts';

/** The same model with rounded rotary frequencies. Layers that share a rotary embedding still do. */
export function withRoundedFrequencies<W>(model: Transformer<W>, round: Round): Transformer<W> {
  const known = new Map<Rotary, Rotary>();
  const rounded = (rotary: Rotary): Rotary => {
    const before = known.get(rotary) ?? { ...rotary, perToken: rotary.perToken.map(round) };
    known.set(rotary, before);
    return before;
  };
  return {
    ...model,
    blocks: model.blocks.map((block) => {
      const { attention } = block;
      const rotary = attention.rotary === null ? null : rounded(attention.rotary);
      return { ...block, attention: { ...attention, rotary } };
    }),
  };
}
