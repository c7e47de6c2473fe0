/**
 * Queries, keys and values in one matrix, gate and up in another.
 * @packageDocumentation
 */
import type { Block } from '../../model/block.ts';
import type { Linear } from '../../model/linear.ts';
import type { Projection } from '../../model/projection.ts';
import { type Declared, declareLinear } from '../checkpoint/declared.ts';
import type { LlamaShape } from './llama-layout.ts';

/**
 * Llama's block, without biases, with its inputs fused into `qkv_proj` and `gate_up_proj`, one part below the other.
 */
export function withFusedInputs(block: Block<Declared>, shape: LlamaShape): Block<Declared> {
  const { attention } = block;
  const mlp = block.feedForward.path;
  const { hiddenSize, mlpSize, heads, keyValueHeads, headSize } = shape;
  const [queries, keys] = [heads * headSize, keyValueHeads * headSize];
  const qkv = declareLinear(`${attention.path}.qkv_proj`, [queries + 2 * keys, hiddenSize]);
  const gateUp = declareLinear(`${mlp}.gate_up_proj`, [2 * mlpSize, hiddenSize]);
  return {
    ...block,
    attention: {
      ...attention,
      query: columnsOf(qkv, 0, queries),
      key: columnsOf(qkv, queries, keys),
      value: columnsOf(qkv, queries + keys, keys),
    },
    feedForward: {
      kind: 'feed-forward',
      path: mlp,
      activation: 'silu',
      gate: columnsOf(gateUp, 0, mlpSize),
      up: columnsOf(gateUp, mlpSize, mlpSize),
      down: declareLinear(`${mlp}.down_proj`, [hiddenSize, mlpSize]),
    },
  };
}

function columnsOf(linear: Linear<Declared>, from: number, size: number): Projection<Declared> {
  return { linear, columns: { from, size, stride: size, count: 1 } };
}
