/**
 * Which rounds become cases: some as they come, then those that show what too few of the others show.
 * @packageDocumentation
 */
import { type Drawn, isChain } from '../../../draft/draft.ts';
import { parentsOfFullTree } from '../../../law/shape.ts';
import type { Rule } from '../../../verify/rule.ts';
import { takesSiblings } from '../../../verify/rules.ts';
import { draftedRound, tableSizeOf, withFewCoins } from './drafted-round.ts';
import { emittedWithFault, faultsOf } from './faulty-round.ts';
import { flagsOf } from './flags.ts';
import { playRound } from './played-round.ts';
import { randomProblem } from './random-problem.ts';
import type { JudgedRound } from './round-vectors.ts';
import { FLOAT32_STEPS, randomUniforms } from './uniforms.ts';

/** Rounds whose numbers are of one kind. */
export interface RoundClass {
  readonly name: string;
  readonly source: string;
  readonly vocabulary: number;
  /** Probabilities are multiples of 1 / lawSteps, uniforms of 1 / uniformSteps. */
  readonly lawSteps: number;
  readonly uniformSteps: number;
  /** Whether decisions near their boundary are wanted; elsewhere they only make a case fragile. */
  readonly nearTies: boolean;
}

/** The classes, in the order of their groups. */
export const ROUND_CLASSES: readonly RoundClass[] = [
  {
    name: 'grid',
    source: 'random multiples of 1/8, exact in bfloat16: uniforms are often on a boundary',
    vocabulary: 4,
    lawSteps: 8,
    uniformSteps: 8,
    nearTies: true,
  },
  {
    name: 'float32',
    source: 'random multiples of 2^-10 and uniforms that are multiples of 2^-24, exact in float32',
    vocabulary: 6,
    lawSteps: 1024,
    uniformSteps: FLOAT32_STEPS,
    nearTies: false,
  },
];

/** A round that was chosen, with the faults that it catches. */
export interface ChosenRound {
  readonly round: JudgedRound;
  readonly faults: readonly string[];
}

/** Rounds taken from each shape as they come. */
const AS_THEY_COME = 6;
/** Rounds that every flag and every fault is to have, as far as they are found. */
const WANTED = 3;
/** Seeds tried per shape. */
const SEEDS = 150;

/** The rounds of a rule in a class. */
export function chosenRounds(rule: Rule, kind: RoundClass, seed: number): ChosenRound[] {
  const shown = new Map<string, number>();
  const chosen: ChosenRound[] = [];
  for (let i = 0; i < SEEDS; i++) {
    for (const [place, { parents, drawn }] of shapesOf(rule).entries()) {
      const round = roundAt(rule, kind, (seed * SEEDS + i) * 64 + place, parents, drawn);
      if (round === null) continue;
      const faults = caughtFaults(round);
      const shows = [...flagsOf(round.inputs, round.played), ...faults];
      if (i >= AS_THEY_COME && shows.every((each) => (shown.get(each) ?? 0) >= WANTED)) continue;
      for (const each of shows) shown.set(each, (shown.get(each) ?? 0) + 1);
      chosen.push({ round, faults });
    }
  }
  return chosen;
}

/** Names of the known faults that emit other tokens than the correct rule. */
export function caughtFaults({ rule, inputs, played }: JudgedRound): string[] {
  const caught = faultsOf(rule).filter((fault) => {
    const emitted = emittedWithFault(rule, fault, inputs);
    return emitted !== null && emitted.join() !== played.emitted.join();
  });
  return caught.map(({ name }) => name);
}

/** Null for a round that is fragile: rounding decides it, or nearly. */
function roundAt(
  rule: Rule,
  kind: RoundClass,
  seed: number,
  parents: readonly number[],
  drawn: Drawn,
): JudgedRound | null {
  const problem = randomProblem({ seed, vocabulary: kind.vocabulary, parents, drawn, steps: kind.lawSteps });
  const uniforms = randomUniforms(seed, kind.uniformSteps, tableSizeOf(problem));
  const inputs = draftedRound(problem, rule, uniforms);
  if (inputs.tokens.length === 0) return null;
  const played = playRound(rule, inputs);
  const isFragile = !played.exact || (!kind.nearTies && flagsOf(inputs, played).includes('NearTie'));
  return isFragile ? null : { rule, inputs: withFewCoins(inputs, played.asked), played };
}

interface Shape {
  readonly parents: readonly number[];
  readonly drawn: Drawn;
}

/** Chains for every rule, trees for those that accept them. */
function shapesOf(rule: Rule): Shape[] {
  const shapes: Shape[] = [1, 2, 4].map((length) => ({
    parents: Array.from({ length }, (_, node) => node - 1),
    drawn: 'independent',
  }));
  shapes.push({ parents: [-1, 0], drawn: 'top' });
  for (const drawn of ['independent', 'without-replacement', 'top'] as const) {
    if (!takesSiblings(rule, drawn)) continue;
    for (const parents of [parentsOfFullTree([3]), parentsOfFullTree([2, 2]), [-1, -1, 0, 0, 2]]) {
      if (!isChain({ tokens: [], parents, laws: [] })) shapes.push({ parents, drawn });
    }
  }
  return shapes;
}
