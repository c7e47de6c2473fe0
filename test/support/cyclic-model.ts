/**
 * A model whose text can be predicted by hand: after token t comes `step(t) = (t + by) mod 8`, whatever came before.
 * Its attention and MLP add zero, its states are scaled unit vectors. With heads that turn by the right number of steps
 * every drafted token is accepted, which makes it an oracle of acceptance.
 */
import type { Adapter } from '../../src/adapters/lora.ts';
import type { SpeculativeHeads } from '../../src/draft/heads.ts';
import { llamaArchitecture } from '../../src/formats/families/llama-layout.ts';
import { mapWeights, type Transformer } from '../../src/model/weights.ts';
import { type Stored, stored } from '../../src/numerics/stored.ts';
import { smallConfig } from './random-model.ts';

export const CYCLE = 8;
const BY = 3;

function matrix(rows: number, columns: number, entry: (row: number, column: number) => number): Stored {
  const numbers = Float64Array.from({ length: rows * columns }, (_, i) => entry(Math.floor(i / columns), i % columns));
  return stored('cyclic', 'F64', numbers, [rows, columns]);
}

/** Turns the unit vector of t into `size` times that of t + by. */
const turn = (by: number, size: number): Stored =>
  matrix(CYCLE, CYCLE, (row, column) => (row === (column + by) % CYCLE ? size : 0));

export function cyclicModel(): Transformer<Stored> {
  const shape = {
    ...smallConfig,
    vocabularySize: CYCLE,
    hiddenSize: CYCLE,
    mlpSize: 2,
    layers: 1,
    heads: 1,
    keyValueHeads: 1,
  };
  const none = { queryKeyValue: false, attentionOutput: false, mlp: false };
  const { transformer } = llamaArchitecture({ ...shape, headSize: 2, bias: none, windows: [null] });
  const gain = stored('gain', 'F64', new Float64Array(CYCLE).fill(1), [CYCLE]);
  return mapWeights(transformer, ({ name, shape: [rows, columns] }) => {
    if (name === 'lm_head.weight') return turn(BY, 1);
    if (name === 'model.embed_tokens.weight') return turn(0, 1);
    return columns === undefined ? gain : matrix(rows!, columns, () => 0);
  });
}

/** A LoRA on the LM head that makes the model go by `BY + extra` instead: `B A` is the difference of the two turns. */
export function headAdapter(extra: number): Adapter<Stored> {
  const b = matrix(CYCLE, CYCLE, (row, column) => {
    const [before, after] = [(column + BY) % CYCLE, (column + BY + extra) % CYCLE];
    return row === after ? 1 : row === before ? -1 : 0;
  });
  return { name: 'head', updates: new Map([['lm_head', { a: turn(0, 1), b, scale: 1 }]]) };
}

/** Perfect heads for the model that goes by `by`: head i reads token t and must make the LM head say t + (i + 2) by. */
export function cyclicHeads(count: number, by = BY): SpeculativeHeads<Stored> {
  const bias = stored('bias', 'F64', new Float64Array(CYCLE), [CYCLE]);
  return Array.from({ length: count }, (_, i) => ({
    layers: [{ weight: turn(by * (i + 1), 10), bias }],
    output: null,
  }));
}
