import { type Rotary, rotaryOf } from '../../../model/rope.ts';
import type { Transformer } from '../../../model/weights.ts';
import { type Stored, stored, widened } from '../../../numerics/stored.ts';
import { matrixShape } from '../../../numerics/tensor.ts';
import { type ModelFault, withBlocks } from './model-fault.ts';

/** A model with each rotary embedding changed. */
function withRotary<W>(model: Transformer<W>, change: (rotary: Rotary, headSize: number) => Rotary): Transformer<W> {
  return withBlocks(model, (block) => {
    const { rotary, shape } = block.attention;
    if (rotary === null) return block;
    return { ...block, attention: { ...block.attention, rotary: change(rotary, shape.headSize) } };
  });
}

/** A model whose row for a position is that of another one. */
function withPositions(model: Transformer<Stored>, of: (position: number) => number): Transformer<Stored> {
  const { positions } = model.embedding;
  if (positions === null) return model;
  const [rows, width] = matrixShape('positions', positions.table);
  const wide = widened(positions.table);
  const moved = Float64Array.from(wide, (_, i) => {
    const row = Math.min(rows - 1, of(Math.floor(i / width)));
    return wide[row * width + (i % width)]!;
  });
  const table = stored('positions', 'F64', moved, [rows, width]);
  return { ...model, embedding: { ...model.embedding, positions: { ...positions, table } } };
}

const scalingIgnored: ModelFault = {
  name: 'rope-scaling-ignored',
  description: 'Rotary frequencies are not scaled, whatever config.json asks for.',
  references: [{ where: 'Blaizzy/mlx-vlm#1710', title: 'rope_scaling is ignored' }],
  model: (model) =>
    withRotary(model, ({ config, dimensions, interleaved }) =>
      rotaryOf({ ...config, scaling: { type: 'default' } }, dimensions, interleaved),
    ),
};

const factorEight: ModelFault = {
  name: 'rope-factor-eight',
  description: 'The factor of llama3 scaling is always 8.',
  references: [{ where: 'meta-llama/llama-models#241', title: 'the scale factor 8 is hard-coded' }],
  model: (model) =>
    withRotary(model, (rotary) => {
      const { config, dimensions, interleaved } = rotary;
      if (config.scaling.type !== 'llama3') return rotary;
      return rotaryOf({ ...config, scaling: { ...config.scaling, factor: 8 } }, dimensions, interleaved);
    }),
};

const amplitudeIgnored: ModelFault = {
  name: 'rope-amplitude-ignored',
  description: 'The attention factor of YaRN is left out: cosines and sines are not multiplied by it.',
  references: [],
  model: (model) => withRotary(model, (rotary) => ({ ...rotary, amplitude: 1 })),
};

const wrongPairs: ModelFault = {
  name: 'rope-wrong-pairs',
  description: 'Neighbouring dimensions are turned together where those half a head apart should be, or the reverse.',
  references: [],
  model: (model) => withRotary(model, (rotary) => ({ ...rotary, interleaved: !rotary.interleaved })),
};

const wholeHead: ModelFault = {
  name: 'rope-whole-head',
  description: 'All dimensions of a head are turned, where config.json asks for some.',
  references: [],
  model: (model) => withRotary(model, ({ config, interleaved }, headSize) => rotaryOf(config, headSize, interleaved)),
};

const positionsZero: ModelFault = {
  name: 'positions-zero',
  description: 'Every token has position 0.',
  references: [{ where: 'Blaizzy/mlx-vlm#1983', title: 'every decoded token is at position 0' }],
  model: (model) =>
    withPositions(
      withRotary(model, (rotary) => ({ ...rotary, perToken: rotary.perToken.map(() => 0) })),
      () => 0,
    ),
};

const positionsLate: ModelFault = {
  name: 'positions-late',
  description: 'Positions begin with 1: learned ones are all off by one. Rotary embeddings do not show it.',
  references: [],
  model: (model) => withPositions(model, (position) => position + 1),
};

/** Faults of positions. */
export const POSITION_FAULTS: readonly ModelFault[] = [
  ...[scalingIgnored, factorEight, amplitudeIgnored, wrongPairs, wholeHead, positionsZero, positionsLate],
];
