/**
 * A random Llama without its output embedding: what makes the hidden states after different prefixes different.
 * @packageDocumentation
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Declared } from '../../formats/checkpoint/declared.ts';
import { type Module, modulesOf } from '../../model/modules.ts';
import type { Transformer } from '../../model/weights.ts';
import { matrixShape } from '../../numerics/tensor.ts';
import { nearestStored, type WeightFormat } from './stored-solution.ts';

/** Coordinates of the hidden state that no layer writes to. */
export const RESERVED = {
  /** Positive after every token: a multiple of it in a row of the output embedding holds for every text. */
  always: 0,
  /** Positive after the first token of the prompt, zero after all others. */
  first: 1,
  count: 2,
} as const;

/** Uniform numbers in [centre - reach, centre + reach), rounded to a format. */
export type Draws = (count: number, reach: number, centre?: number) => Float64Array;

/** Numbers from a seed. */
export function drawsFrom(seed: number, format: WeightFormat): Draws {
  const generator = xoroshiro128plus(seed | 0);
  generator.jump(); // spreads a seed with few set bits over the whole state
  return (count, reach, centre = 0) =>
    Float64Array.from({ length: count }, () => nearestStored(format, centre + (generator.next() / 2 ** 31) * reach));
}

/**
 * How far the entries of a matrix of M inputs reach, times `sqrt(M)`. What attention and the feed-forward network add
 * is as large as the embedding, so that a state tells all tokens before it and their order, and not the last one alone.
 */
const REACH: Readonly<Record<string, number>> = {
  q_proj: 3,
  k_proj: 3,
  v_proj: 3,
  o_proj: 3,
  gate_proj: 2,
  up_proj: 2,
  down_proj: 3,
};
/** Layers that write to the hidden state, and leave the reserved coordinates alone. */
const WRITING = ['o_proj', 'down_proj'];

/**
 * Random weights of every module but the output embedding, by what declares them.
 * @param firstToken the token that texts begin with.
 */
export function randomBody(
  model: Transformer<Declared>,
  draws: Draws,
  firstToken: number,
): Map<Declared, Float64Array> {
  const drawn = new Map<Declared, Float64Array>();
  for (const module of modulesOf(model)) {
    if (module.role !== 'head') drawn.set(module.weights[0]!, randomWeight(module, draws, firstToken));
  }
  return drawn;
}

function randomWeight({ path, role, weights }: Module<Declared>, draws: Draws, firstToken: number): Float64Array {
  const weight = weights[0]!;
  if (role === 'norms') return draws(weight.shape[0]!, 0.25, 1);
  const [outputs, inputs] = matrixShape(path, weight);
  if (role === 'embedding') return withReserved(draws(outputs * inputs, 1), inputs, firstToken);
  const name = path.slice(path.lastIndexOf('.') + 1);
  const matrix = draws(outputs * inputs, REACH[name]! / Math.sqrt(inputs));
  return WRITING.includes(name) ? matrix.fill(0, 0, RESERVED.count * inputs) : matrix;
}

function withReserved(table: Float64Array, width: number, firstToken: number): Float64Array {
  for (let at = 0; at < table.length; at += width) {
    table[at + RESERVED.always] = 1;
    table[at + RESERVED.first] = at === firstToken * width ? 1 : 0;
  }
  return table;
}
