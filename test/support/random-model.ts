/** Small random models for tests: every weight from a seed, in any stored width. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Adapter, LowRank } from '../../src/adapters/lora.ts';
import type { SpeculativeHeads } from '../../src/draft/heads.ts';
import { slidingWindow } from '../../src/formats/families/family.ts';
import { type LlamaShape, llamaArchitecture } from '../../src/formats/families/llama-layout.ts';
import { allLinears, type ModuleRole, modulesOf } from '../../src/model/modules.ts';
import { mapWeights, type Transformer } from '../../src/model/weights.ts';
import { type Stored, stored } from '../../src/numerics/stored.ts';
import { matrixShape } from '../../src/numerics/tensor.ts';

export type Draw = (size: number, scale: number, offset?: number) => Float64Array;

/** Uniform numbers in [offset - scale, offset + scale). */
export function numbersFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  generator.jump();
  return (size, scale, offset = 0) =>
    Float64Array.from({ length: size }, () => offset + (generator.next() / 2147483648) * scale);
}

/** The numbers of a small Llama; windows slide, and are given by their sizes. */
export interface SmallShape extends Omit<LlamaShape, 'windows'> {
  readonly windows: readonly (number | null)[];
}

export const smallConfig: SmallShape = {
  family: 'llama',
  vocabularySize: 11,
  hiddenSize: 12,
  mlpSize: 10,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 4,
  contextLength: 64,
  normEpsilon: 1e-6,
  rope: { theta: 100, scaling: { type: 'default' } },
  tiedEmbeddings: false,
  bias: { queryKeyValue: true, attentionOutput: false, mlp: false },
  windows: [null, null],
};

function matrix(draw: Draw, outputs: number, inputs: number, scale = 1.5 / Math.sqrt(inputs)): Stored {
  return stored('random', 'F64', draw(outputs * inputs, scale), [outputs, inputs]);
}

function vector(draw: Draw, size: number, scale: number, offset = 0): Stored {
  return stored('random', 'F64', draw(size, scale, offset), [size]);
}

export function randomModel(seed: number, config: SmallShape = smallConfig): Transformer<Stored> {
  const windows = config.windows.map(slidingWindow);
  const { transformer } = llamaArchitecture({ ...config, windows, tiedEmbeddings: false });
  const model = randomWeights(seed, transformer);
  return { ...model, config: { ...model.config, tiedEmbeddings: config.tiedEmbeddings } };
}

interface Shaped {
  readonly shape: readonly number[];
}

/** Random weights of any model, drawn in the order in which its modules run. */
export function randomWeights<W extends Shaped>(seed: number, model: Transformer<W>): Transformer<Stored> {
  const draw = numbersFrom(seed);
  const drawn = new Map<W, Stored>();
  for (const { role, weights } of modulesOf(model)) {
    weights.forEach((weight, i) => {
      if (!drawn.has(weight)) drawn.set(weight, randomWeight(draw, i > 0 ? 'bias' : role, weight));
    });
  }
  return mapWeights(model, (weight) => drawn.get(weight)!);
}

function randomWeight(draw: Draw, role: ModuleRole | 'bias', { shape }: Shaped): Stored {
  const size = shape.reduce((a, b) => a * b);
  if (role === 'norms') return stored('random', 'F64', draw(size, 0.3, 1), shape);
  if (role === 'bias' || shape.length === 1) return stored('random', 'F64', draw(size, 0.5), shape);
  const [outputs, inputs] = matrixShape('weight', { shape });
  const scale = role === 'embedding' ? 1 : (role === 'head' ? 3 : 1.5) / Math.sqrt(inputs);
  return matrix(draw, outputs, inputs, scale);
}

/** A rank-2 adapter on every linear layer, the output embedding too. */
export function randomAdapter(seed: number, model: Transformer<Stored>): Adapter<Stored> {
  const draw = numbersFrom(seed);
  const updates = allLinears(model).map(({ path, weight }): [string, LowRank<Stored>] => {
    const [outputs, inputs] = matrixShape('weight', weight);
    return [path, { a: matrix(draw, 2, inputs), b: matrix(draw, outputs, 2), scale: 0.75 }];
  });
  return { name: `adapter ${seed}`, updates: new Map(updates) };
}

/** Turbo heads that share the LM head. */
export function randomHeads(
  seed: number,
  config: { readonly hiddenSize: number },
  count: number,
): SpeculativeHeads<Stored> {
  const draw = numbersFrom(seed);
  const d = config.hiddenSize;
  return Array.from({ length: count }, () => ({
    layers: [{ weight: matrix(draw, d, d), bias: vector(draw, d, 0.5) }],
    output: null,
  }));
}
