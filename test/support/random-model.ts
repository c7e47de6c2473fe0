/** Small random models for tests: every weight from a seed, in any stored width. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Adapter, LowRank } from '../../src/adapters/lora.ts';
import type { SpeculativeHeads } from '../../src/draft/heads.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import { allLinears, type Linear, type Transformer } from '../../src/model/weights.ts';
import { type Stored, stored } from '../../src/numerics/stored.ts';

export type Draw = (size: number, scale: number, offset?: number) => Float64Array;

/** Uniform numbers in [offset - scale, offset + scale). */
export function numbersFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  generator.jump();
  return (size, scale, offset = 0) =>
    Float64Array.from({ length: size }, () => offset + (generator.next() / 2147483648) * scale);
}

export const smallConfig: ModelConfig = {
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

export function randomModel(seed: number, config: ModelConfig = smallConfig): Transformer<Stored> {
  const draw = numbersFrom(seed);
  const { hiddenSize: d, mlpSize: f, heads, keyValueHeads, headSize, vocabularySize: v } = config;
  const linear = (path: string, outputs: number, inputs: number, bias: boolean): Linear<Stored> => ({
    path,
    weight: matrix(draw, outputs, inputs),
    bias: bias ? vector(draw, outputs, 0.5) : null,
  });
  const embedding = matrix(draw, v, d, 1);
  return {
    config,
    embedding,
    blocks: Array.from({ length: config.layers }, (_, layer) => {
      const at = `model.layers.${layer}`;
      const { queryKeyValue, attentionOutput, mlp } = config.bias;
      return {
        attentionNorm: vector(draw, d, 0.3, 1),
        query: linear(`${at}.self_attn.q_proj`, heads * headSize, d, queryKeyValue),
        key: linear(`${at}.self_attn.k_proj`, keyValueHeads * headSize, d, queryKeyValue),
        value: linear(`${at}.self_attn.v_proj`, keyValueHeads * headSize, d, queryKeyValue),
        output: linear(`${at}.self_attn.o_proj`, d, heads * headSize, attentionOutput),
        mlpNorm: vector(draw, d, 0.3, 1),
        gate: linear(`${at}.mlp.gate_proj`, f, d, mlp),
        up: linear(`${at}.mlp.up_proj`, f, d, mlp),
        down: linear(`${at}.mlp.down_proj`, d, f, mlp),
      };
    }),
    norm: vector(draw, d, 0.3, 1),
    head: { path: 'lm_head', weight: matrix(draw, v, d, 3 / Math.sqrt(d)), bias: null },
  };
}

/** A rank-2 adapter on every linear layer, the output embedding too. */
export function randomAdapter(seed: number, model: Transformer<Stored>): Adapter<Stored> {
  const draw = numbersFrom(seed);
  const updates = allLinears(model).map(({ path, weight }): [string, LowRank<Stored>] => {
    const [outputs, inputs] = weight.shape as [number, number];
    return [path, { a: matrix(draw, 2, inputs), b: matrix(draw, outputs, 2), scale: 0.75 }];
  });
  return { name: `adapter ${seed}`, updates: new Map(updates) };
}

/** Turbo heads that share the LM head. */
export function randomHeads(seed: number, config: ModelConfig, count: number): SpeculativeHeads<Stored> {
  const draw = numbersFrom(seed);
  const d = config.hiddenSize;
  return Array.from({ length: count }, () => ({
    layers: [{ weight: matrix(draw, d, d), bias: vector(draw, d, 0.5) }],
    output: null,
  }));
}
