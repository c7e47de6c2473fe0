import type { Adapter } from '../../../src/adapters/lora.ts';
import { mergeAdapter } from '../../../src/adapters/merge.ts';
import { throughBlock } from '../../../src/model/block.ts';
import { KeyValueCache } from '../../../src/model/cache.ts';
import { checkTokens, forward, languageModelHead } from '../../../src/model/forward.ts';
import { layoutOf } from '../../../src/model/layout.ts';
import { rotationsAt } from '../../../src/model/pass.ts';
import { rotaryFrequencies, rotaryOf } from '../../../src/model/rope.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import { zeros } from '../../../src/numerics/tensor.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { randomModel, smallConfig } from '../../support/random-model.ts';
import type { Calls } from './calls.ts';

const model = randomModel(1);

const pass = (tokens: readonly number[], parents?: readonly number[], adapter: Adapter<Stored> | null = null) => {
  const cache = new KeyValueCache(float64Ops, model);
  return forward(float64Ops, model, [{ cache, tokens, adapter, ...(parents && { parents }) }]);
};

/** Adds far more than float64 holds to one layer. */
function huge(path: string, outputs: number): Adapter<Stored> {
  const filled = (shape: number[]) => stored('huge', 'F64', new Float64Array(shape[0]! * shape[1]!).fill(1e9), shape);
  const update = { a: filled([1, smallConfig.hiddenSize]), b: filled([outputs, 1]), scale: 1e308 };
  return { name: 'huge', updates: new Map([[path, update]]) };
}
const { hiddenSize, vocabularySize } = smallConfig;
const onValues = huge('model.layers.0.self_attn.v_proj', smallConfig.keyValueHeads * smallConfig.headSize);

export const models: Calls = {
  'adapters/merge mergeAdapter': { NonFiniteError: () => mergeAdapter(model, onValues) },
  'model/block throughBlock': {
    NonFiniteError: () => {
      const { keys, values } = new KeyValueCache(float64Ops, model);
      const texts = [{ keys, values, layout: layoutOf(0, undefined, 1, 9), rows: [0] }];
      const lanes = [{ rows: 1, adapter: onValues }];
      const shared = { ops: float64Ops, texts, lanes, rows: 1, width: hiddenSize, rotation: rotationsAt([0]) };
      return throughBlock(shared, model.blocks[0]!, 0, float64Ops.embed(model.embedding.table, [1]));
    },
  },
  'model/cache KeyValueCache.keep': { ShapeError: () => new KeyValueCache(float64Ops, model).keep(1) },
  'model/forward forward': {
    TokenError: () => pass([]),
    ContextLimitError: () => pass(new Array(smallConfig.contextLength + 1).fill(0)),
    ShapeError: () => pass([1, 2], [1, 0]),
    NonFiniteError: () => pass([1, 2], undefined, onValues),
  },
  'model/forward languageModelHead': {
    NonFiniteError: () => {
      const states = zeros('states', [1, hiddenSize]);
      states.data.fill(1, states.offset, states.offset + hiddenSize);
      return languageModelHead(float64Ops, model, states, [{ rows: 1, adapter: huge('lm_head', vocabularySize) }]);
    },
  },
  'model/forward checkTokens': { TokenError: () => checkTokens([11], vocabularySize) },
  'model/layout layoutOf': {
    ShapeError: () => layoutOf(0, [0], 1, 9),
    ContextLimitError: () => layoutOf(9, undefined, 1, 9),
  },
  'model/rope rotaryOf': {
    NonFiniteError: () => rotaryOf({ theta: 0, scaling: { type: 'default' } }, 4),
  },
  'model/rope rotaryFrequencies': {
    NonFiniteError: () => rotaryFrequencies({ theta: 100, scaling: { type: 'linear', factor: 1e-320 } }, 4),
  },
};
