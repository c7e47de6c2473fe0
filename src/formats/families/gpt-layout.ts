/**
 * The parts of the GPT-2 line: layer norms with biases, one fused projection to queries, keys and values, a plain
 * feed-forward network. Its families differ in names, positions, and in how the fused weight lies.
 * @packageDocumentation
 */
import type { Block } from '../../model/block.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { Activation } from '../../model/feed-forward.ts';
import type { Rotary } from '../../model/rope.ts';
import type { Columns } from '../../ops/ops.ts';
import { type Architecture, type Declared, declare, declareLayerNorm, declareLinear } from '../checkpoint/declared.ts';
import { whole } from './llama-layout.ts';

/** The numbers of a model with these parts. */
export interface GptShape extends ModelConfig {
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  /** F */
  readonly mlpSize: number;
  readonly normEpsilon: number;
  readonly activation: Activation;
  /** Per layer: the factor on the scores. */
  readonly scales: readonly number[];
  /** Null where positions are learned. */
  readonly rotary: Rotary | null;
  readonly attentionBias: boolean;
  readonly parallel: boolean;
  /**
   * The fused columns go head by head, each with its query, key and value, instead of all queries before all keys
   * before all values.
   */
  readonly headByHead: boolean;
  /** The blocks' matrices lie as [inputs, outputs] in the file. */
  readonly transposed: boolean;
}

/** What a family calls its modules. */
export interface GptNames {
  /** What contains all modules but the head. */
  readonly decoder: string;
  readonly embedding: string;
  /** Null where positions are not learned. */
  readonly positions: string | null;
  readonly blocks: string;
  readonly norms: readonly [beforeAttention: string, beforeFeedForward: string];
  readonly attention: string;
  readonly fused: string;
  readonly output: string;
  readonly feedForward: string;
  readonly up: string;
  readonly down: string;
  readonly norm: string;
  readonly head: string;
  /** Modules without weights, of the decoder and of each block. */
  readonly weightless: { readonly decoder: readonly string[]; readonly block: readonly string[] };
  /** Names in a block of tensors that old files hold besides weights, as a regular expression. */
  readonly buffers: string;
}

/** The architecture of the GPT-2 line with these numbers and names. */
export function gptArchitecture(shape: GptShape, names: GptNames): Architecture {
  const { vocabularySize, hiddenSize, contextLength, layers, tiedEmbeddings, family } = shape;
  const { decoder, weightless } = names;
  const inside = (name: string): string => `${decoder}.${name}`;
  const path = inside(names.embedding);
  const table = declare(`${path}.weight`, [vocabularySize, hiddenSize]);
  const head = declareLinear(names.head, [vocabularySize, hiddenSize]);
  const paths = Array.from({ length: layers }, (_, layer) => inside(`${names.blocks}.${layer}`));
  return {
    transformer: {
      config: { family, vocabularySize, hiddenSize, contextLength, tiedEmbeddings },
      embedding: { path, table, scale: 1, positions: learned(names, shape) },
      blocks: paths.map((block, layer) => gptBlock(shape, names, block, shape.scales[layer]!)),
      norm: declareLayerNorm(inside(names.norm), hiddenSize, shape.normEpsilon),
      head: tiedEmbeddings ? { ...head, weight: table } : head,
      logits: { scale: 1, softCap: null },
      weightless: [
        ...weightless.decoder.map(inside),
        ...paths.flatMap((block) => weightless.block.map((name) => `${block}.${name}`)),
      ],
    },
    prefix: decoder,
    harmless: new RegExp(`^(${decoder}\\.)?${names.blocks}\\.\\d+\\.(${names.buffers})$`),
  };
}

function learned({ decoder, positions }: GptNames, { contextLength, hiddenSize }: GptShape) {
  if (positions === null) return null;
  const path = `${decoder}.${positions}`;
  return { path, table: declare(`${path}.weight`, [contextLength, hiddenSize]) };
}

function gptBlock(shape: GptShape, names: GptNames, path: string, scale: number): Block<Declared> {
  const { hiddenSize, mlpSize, heads, headSize, normEpsilon, activation, rotary, transposed, parallel } = shape;
  const [attention, mlp] = [`${path}.${names.attention}`, `${path}.${names.feedForward}`];
  const [before, after] = names.norms.map((name) => declareLayerNorm(`${path}.${name}`, hiddenSize, normEpsilon));
  const inAttention = { bias: shape.attentionBias, transposed };
  const inNetwork = { bias: true, transposed };
  const linear = declareLinear(`${attention}.${names.fused}`, [3 * hiddenSize, hiddenSize], inAttention);
  return {
    path,
    norms: { beforeAttention: before!, afterAttention: null, beforeFeedForward: after!, afterFeedForward: null },
    attention: {
      path: attention,
      shape: { heads, keyValueHeads: heads, headSize, scale },
      window: null,
      rotary,
      query: { linear, columns: fusedColumns(shape, 0) },
      key: { linear, columns: fusedColumns(shape, 1) },
      value: { linear, columns: fusedColumns(shape, 2) },
      queryNorm: null,
      keyNorm: null,
      sinks: null,
      output: declareLinear(`${attention}.${names.output}`, [hiddenSize, hiddenSize], inAttention),
    },
    feedForward: {
      kind: 'feed-forward',
      path: mlp,
      activation,
      gate: null,
      up: whole(declareLinear(`${mlp}.${names.up}`, [mlpSize, hiddenSize], inNetwork)),
      down: declareLinear(`${mlp}.${names.down}`, [hiddenSize, mlpSize], inNetwork),
    },
    parallel,
    residualScale: 1,
  };
}

/** The columns of the queries (0), keys (1) or values (2). */
function fusedColumns({ hiddenSize, heads, headSize, headByHead }: GptShape, part: 0 | 1 | 2): Columns {
  return headByHead
    ? { from: part * headSize, size: headSize, stride: 3 * headSize, count: heads }
    : { from: part * hiddenSize, size: hiddenSize, stride: hiddenSize, count: 1 };
}
