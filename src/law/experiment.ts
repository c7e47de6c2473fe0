/**
 * One round of speculative decoding as a random program: the drafter draws, the rule decides. The enumerator runs it
 * over all its branches, a sampled chance once.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Chance } from '../chance/chance.ts';
import { branchTo, checkDraft, type Draft, depthOf } from '../draft/draft.ts';
import { type Arithmetic, float64, rational } from '../numerics/arithmetic.ts';
import { nearestNumber } from '../numerics/nearest-number.ts';
import type { Round, Rule, Verdict } from '../verify/rule.ts';
import { checkShape } from '../verify/rules.ts';
import { proposal } from './drafting.ts';
import { type ExactLaw, keyOf, type Problem } from './problem.ts';

/** What happened in one round. */
export interface Outcome {
  readonly drafted: readonly number[];
  /** The parent of each drafted token, -1 for the root. */
  readonly parents: readonly number[];
  /** Emitted tokens that were drafted. */
  readonly accepted: number;
  readonly emitted: readonly number[];
}

/** The parts of a round that an engine can get wrong. A fault replaces some of them. */
export interface Engine<T> {
  /** Draws a draft, with the laws that the verifier is to know. */
  propose(chance: Chance<T>): Draft<T>;
  /** The target's law after a node of a draft (-1: after the text). */
  target(draft: Draft<T>, node: number): ArrayLike<T>;
  /** The acceptance rule. */
  decide(round: Round<T>, arithmetic: Arithmetic<T>, chance: Chance<T>): Verdict;
}

/** The numbers that an experiment is run with. */
export interface Numbers<T> {
  readonly arithmetic: Arithmetic<T>;
  /** An exact law as numbers of type T. */
  lift(law: ExactLaw): ArrayLike<T>;
}

/** Exact rationals: nothing is rounded. */
export const EXACT: Numbers<Fraction> = { arithmetic: rational, lift: (law) => law };

/** Float64, each probability rounded once. */
export const ROUNDED: Numbers<number> = {
  arithmetic: float64,
  lift: (law) => Float64Array.from(law, nearestNumber),
};

/** Tokens of a draft from the first down to a node. */
export function prefixAt(draft: Draft<unknown>, node: number): number[] {
  return branchTo(draft, node).map((ancestor) => draft.tokens[ancestor]!);
}

/**
 * The correct engine of a problem: the production drafting conventions and the production rule.
 * @throws {@link UnsupportedError} from `propose`, when the rule does not take drafts of the problem's shape.
 */
export function engineFor<T>(problem: Problem, rule: Rule, { arithmetic, lift }: Numbers<T>): Engine<T> {
  const lifted = new Map<string, ArrayLike<T>>();
  const target = (prefix: readonly number[]): ArrayLike<T> => {
    const key = keyOf(prefix);
    const law = lifted.get(key) ?? lift(problem.target(prefix));
    lifted.set(key, law);
    return law;
  };
  const propose = proposal(problem, arithmetic, lift, rule.draws);
  return {
    propose(chance) {
      const draft = propose(chance);
      checkDraft(draft);
      checkShape(rule, draft);
      return draft;
    },
    target: (draft, node) => target(prefixAt(draft, node)),
    decide: (round, numbers, chance) => rule.decide(round, numbers, chance),
  };
}

/**
 * One round of an engine as a function of chance.
 * @example
 * import assert from 'node:assert/strict';
 * import { EXACT, engineFor, enumerate, experiment, problemFrom, rational, rejection } from 'turbo-lora';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const round = experiment(engineFor(problem, rejection, EXACT), rational);
 * const [first] = [...enumerate(rational, round)];
 * assert.equal(first!.outcome.emitted.length, first!.outcome.accepted + 1);
 */
export function experiment<T>(engine: Engine<T>, arithmetic: Arithmetic<T>): (chance: Chance<T>) => Outcome {
  return (chance) => {
    const draft = engine.propose(chance);
    const target = (node: number): ArrayLike<T> => engine.target(draft, node);
    const { accepted, token } = engine.decide({ draft, target, position: 0 }, arithmetic, chance);
    return {
      drafted: draft.tokens,
      parents: draft.parents,
      accepted: accepted.length,
      emitted: [...accepted.map((node) => draft.tokens[node]!), token],
    };
  };
}

/** Most tokens that one round of a problem can emit. */
export function longestRound({ parents }: Pick<Problem, 'parents'>): number {
  return depthOf({ tokens: parents.map(() => 0), parents, laws: [] }) + 1;
}
