/**
 * A model whose laws are given: a random body, and an output embedding that is solved for.
 *
 * With as many hidden dimensions as prefixes, the states h after the prefixes are linearly independent, and
 * `w_x . h = log p(x | prefix) + constant` has a solution for every token x.
 * @packageDocumentation
 */
import type { Declared } from '../../formats/checkpoint/declared.ts';
import { plainLlama } from '../../formats/families/llama-config.ts';
import { type LlamaShape, llamaArchitecture } from '../../formats/families/llama-layout.ts';
import type { ExactLaw } from '../../law/problem.ts';
import { mapWeights, type Transformer } from '../../model/weights.ts';
import type { Stored } from '../../numerics/stored.ts';
import { type AskedLaws, logitsOf } from './asked-laws.ts';
import { type Draws, drawsFrom, RESERVED, randomBody } from './random-body.ts';
import { readTree } from './read-tree.ts';
import { CORRECTIONS, storedExactly, storedSolver, type WeightFormat } from './stored-solution.ts';
import type { TokenLayout } from './token-layout.ts';

/** What a model is made from. */
export interface ModelPlan {
  readonly asked: AskedLaws;
  readonly layout: TokenLayout;
  readonly layers: number;
  readonly format: WeightFormat;
  readonly seed: number;
}

/** A model, and what it was made with. */
export interface RealizedModel {
  readonly shape: LlamaShape;
  readonly transformer: Transformer<Stored>;
  /** The tensors of its file. */
  readonly tensors: ReadonlyMap<string, Stored>;
  /** The largest condition number of the equations. */
  readonly condition: number;
}

/**
 * Makes an unwanted token impossible: times the always positive coordinate, more than 746 below all other logits, where
 * the float64 softmax is zero.
 */
const NEVER = -16_384;
/** Makes the start token certain after the first one: twice what {@link NEVER} takes away. */
const AT_ONCE = 32_768;
/**
 * How far the rows of the output embedding reach before they are moved to their laws. Without it, laws that are alike
 * after all prefixes would leave rows that are multiples of one another, and heads that share them could say nothing
 * else.
 */
const ROW_REACH = 0.5;
/** Positions: longer texts than any round of a problem. */
const CONTEXT = 1024;
/** Widths are multiples of it. */
const STEP = 64;

/**
 * A model with these laws.
 * @throws {@link LawError} when the hidden states are linearly dependent.
 */
export function realizedModel(laws: readonly (ExactLaw | null)[], plan: ModelPlan): RealizedModel {
  const { asked, layout, layers, format, seed } = plan;
  const wanted = laws.flatMap((law, at) => (law === null ? [] : [{ law, at }]));
  const groups = groupsFor(wanted.length, format);
  const width = RESERVED.count + groups.flat().length;
  const shape = plainLlama(layout.vocabularySize, width, { layers, contextLength: CONTEXT });
  const draws = drawsFrom(seed, format);
  const declared = llamaArchitecture(shape).transformer;
  const weights = randomBody(declared, draws, layout.first);
  const head = declared.head.weight;
  const states = readTree(modelOf(declared, weights, format, head), asked, layout).states;
  const solver = storedSolver({
    label: 'hidden states after the prefixes',
    ...{ format, groups, states: wanted.map(({ at }) => states[at]!) },
  });
  const logits = wanted.map(({ law }) => logitsOf(law, asked.possible));
  const everWanted = asked.possible.map((token) => wanted.some(({ law }) => law[token]!.compare(0) > 0));
  const rows = outputRows(layout, width, asked.possible, (i) => {
    const start = startOf(draws, width, groups[0]!);
    return everWanted[i]
      ? solver.row(
          logits.map((row) => row[i]!),
          start,
        )
      : null;
  });
  rows[layout.start * width + RESERVED.first] = AT_ONCE;
  weights.set(head, rows);
  const transformer = modelOf(declared, weights, format, head);
  return { shape, transformer, tensors: tensorsOf(weights, format), condition: solver.condition };
}

/** The unknowns of a row in disjoint groups: one for the laws, the others for what rounding left over. */
export function groupsFor(equations: number, format: WeightFormat, width?: number): number[][] {
  const each = equations + Math.max(4, Math.ceil(equations / 4));
  const least = RESERVED.count + each * (1 + CORRECTIONS[format]);
  const whole = width ?? Math.ceil(least / STEP) * STEP;
  const first = whole - RESERVED.count - each * CORRECTIONS[format];
  const sizes = [first, ...Array.from({ length: CORRECTIONS[format] }, () => each)];
  let from: number = RESERVED.count;
  return sizes.map((size) => {
    from += size;
    return Array.from({ length: size }, (_, i) => from - size + i);
  });
}

/** A random row in a group of coordinates. */
export function startOf(draws: Draws, width: number, group: readonly number[]): Float64Array {
  const start = new Float64Array(width);
  const drawn = draws(group.length, ROW_REACH);
  for (const [i, k] of group.entries()) start[k] = drawn[i]!;
  return start;
}

/** An output embedding. `rowOf` gives the row of a possible token, null if it never occurs. @shape result: [V, D] */
export function outputRows(
  { vocabularySize }: TokenLayout,
  width: number,
  possible: readonly number[],
  rowOf: (index: number, token: number) => Float64Array | null,
): Float64Array {
  const rows = new Float64Array(vocabularySize * width);
  for (let token = 0; token < vocabularySize; token++) rows[token * width + RESERVED.always] = NEVER;
  for (const [i, token] of possible.entries()) {
    const row = rowOf(i, token);
    if (row !== null) rows.set(row, token * width);
  }
  return rows;
}

/** The model over stored weights; an output embedding without weights is zero. */
function modelOf(
  declared: Transformer<Declared>,
  weights: ReadonlyMap<Declared, Float64Array>,
  format: WeightFormat,
  head: Declared,
): Transformer<Stored> {
  return mapWeights(declared, (weight) => {
    const size = weight.shape.reduce((product, extent) => product * extent, 1);
    const numbers = weights.get(weight) ?? new Float64Array(weight === head ? size : 0);
    return storedExactly(weight.name, format, numbers, weight.shape);
  });
}

function tensorsOf(weights: ReadonlyMap<Declared, Float64Array>, format: WeightFormat): Map<string, Stored> {
  return new Map([...weights].map(([{ name, shape }, numbers]) => [name, storedExactly(name, format, numbers, shape)]));
}
