/**
 * Speculative heads whose laws are given: Turbo heads, which share the target's output embedding, and Medusa heads,
 * which have their own. They have these laws where they read the state of the prompt's first token: the next token is
 * certain there, and the round after it is the problem's.
 * @packageDocumentation
 */
import type { SpeculativeHead } from '../../draft/heads.ts';
import type { ExactLaw } from '../../law/problem.ts';
import { exp } from '../../numerics/elementary.ts';
import { type Stored, widened } from '../../numerics/stored.ts';
import { logitsOf } from './asked-laws.ts';
import { leastNormSolver } from './least-norm.ts';
import { type Draws, drawsFrom, RESERVED } from './random-body.ts';
import { groupsFor, type ModelPlan, outputRows, startOf } from './realized-model.ts';
import { CORRECTIONS, dot, storedExactly, storedSolver } from './stored-solution.ts';

/** How far the bias of a Medusa head reaches, and the rows of a weight times the root of their length. */
const REACH = 1;
/** What a Turbo head adds to the coordinate that makes the tokens that do not belong to the problem impossible. */
const MORE_NEVER = 4;
/** SiLU has its minimum of -0.27846 at -1.27846; a Turbo head adds at least this to a coordinate. */
const LEAST_ADDED = -0.25;
const AT_MINIMUM = -1.278;
/** Where the search for what a Turbo head adds begins, and how long it goes on. */
const [ADDED_AT_FIRST, MOST_TURNS] = [1, 1000];

/**
 * Turbo heads with these laws, one for each depth: `x + SiLU(W x + b)` is the nearest state that the target's output
 * embedding takes to the logits of the law, among those that SiLU can lead to.
 * Null when none of these is found.
 * @shape state: [D]; embedding: [V, D]
 */
export function turboHeads(
  laws: readonly ExactLaw[],
  state: Float64Array,
  embedding: Stored,
  plan: ModelPlan,
): SpeculativeHead<Stored>[] | null {
  const { asked, format, seed } = plan;
  const [draws, width] = [drawsFrom(seed + 2, format), state.length];
  const table = widened(embedding);
  // The rows of tokens that the target never emits are multiples of one coordinate; these tokens stay impossible.
  const tokens = asked.possible.filter((token) => table[token * width + RESERVED.always] === 0);
  const rows = tokens.map((token) => table.subarray(token * width, (token + 1) * width));
  const constant = [[...state, 1]];
  const groups = [[width], [RESERVED.always], [RESERVED.first]].slice(0, 1 + CORRECTIONS[format]);
  const solver = storedSolver({ label: 'turbo head', format, states: constant, groups });
  const additions = laws.map((law) => addedTo(state, rows, logitsOf(law, tokens)));
  if (!additions.every((added) => added !== null)) return null;
  return additions.map((added) => {
    const [weight, bias] = [new Float64Array(width * width), new Float64Array(width)];
    for (let j = 0; j < width; j++) {
      const start = [0, 0, ...draws(width - RESERVED.count, REACH / Math.sqrt(width)), 0];
      const row = solver.row([siluInverse(added[j]!)], start);
      weight.set(row.subarray(0, width), j * width);
      bias[j] = row[width]!;
    }
    return { layers: [storedLayer(weight, bias, plan)], output: null };
  });
}

/**
 * What to add to a state so that these rows take it to these logits. The equations and the bound of SiLU are met in
 * turn: the nearest solution of the equations, then the nearest numbers that are not below zero, and again. Null if
 * that leads nowhere.
 * @shape rows: [N, D]; logits: [N]; result: [D]
 * @source Bauschke and Borwein 1996, "On projection algorithms for solving convex feasibility problems"
 */
function addedTo(state: Float64Array, rows: readonly Float64Array[], logits: readonly number[]): Float64Array | null {
  const { solve } = leastNormSolver('rows of the output embedding', rows);
  const added = new Float64Array(state.length).fill(ADDED_AT_FIRST, RESERVED.count);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const step = solve(rows.map((row, i) => logits[i]! - dot(state, row) - dot(added, row)));
    for (let k: number = RESERVED.count; k < added.length; k++) added[k]! += step[k]!;
    if (added.every((x) => x >= LEAST_ADDED)) {
      added[RESERVED.always] = MORE_NEVER;
      return added;
    }
    for (let k: number = RESERVED.count; k < added.length; k++) added[k] = Math.max(added[k]!, 0);
  }
  return null;
}

/** The x of at least -1.278 with `x / (1 + exp(-x)) = y`, by halving. */
function siluInverse(y: number): number {
  let [low, high] = [AT_MINIMUM, Math.max(y, 0) + 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (silu(middle) < y) low = middle;
    else high = middle;
  }
}

/**
 * Medusa heads with these laws, one for each depth: a random residual layer, and an output embedding that is solved
 * for.
 * @shape state: [D]
 */
export function medusaHeads(
  laws: readonly ExactLaw[],
  state: Float64Array,
  plan: ModelPlan,
): SpeculativeHead<Stored>[] {
  const { asked, layout, format, seed } = plan;
  const [draws, width] = [drawsFrom(seed + 3, format), state.length];
  const groups = groupsFor(1, format, width);
  return laws.map((law) => {
    const { weight, bias } = randomLayer(draws, width);
    const after = state.map((x, j) => x + silu(dot(weight.subarray(j * width, (j + 1) * width), state) + bias[j]!));
    const solver = storedSolver({ label: 'medusa head', format, states: [after], groups });
    const logits = logitsOf(law, asked.possible);
    const output = outputRows(layout, width, asked.possible, (i, token) =>
      law[token]!.compare(0) > 0 ? solver.row([logits[i]!], startOf(draws, width, groups[0]!)) : null,
    );
    return {
      layers: [storedLayer(weight, bias, plan)],
      output: storedExactly('output', format, output, [layout.vocabularySize, width]),
    };
  });
}

/** A residual layer that leaves the reserved coordinates as they are. */
function randomLayer(draws: Draws, width: number): { weight: Float64Array; bias: Float64Array } {
  const weight = draws(width * width, REACH / Math.sqrt(width)).fill(0, 0, RESERVED.count * width);
  return { weight, bias: draws(width, REACH).fill(0, 0, RESERVED.count) };
}

function storedLayer(weight: Float64Array, bias: Float64Array, { format }: ModelPlan) {
  const width = bias.length;
  return {
    weight: storedExactly('weight', format, weight, [width, width]),
    bias: storedExactly('bias', format, bias, [width]),
  };
}

function silu(x: number): number {
  return x / (1 + exp(-x));
}
