/**
 * One round of speculative decoding as a random program: the drafter draws, the rule decides. The enumerator runs it
 * over all its branches, a sampled chance once.
 * @packageDocumentation
 */
import type { Chance } from '../chance/chance.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { Scheme } from './scheme.ts';

/** What happened in one round. */
export interface Outcome {
  readonly drafted: readonly number[];
  /** The parent of each drafted token, -1 for the root. */
  readonly parents: readonly number[];
  /** Emitted tokens that were drafted. */
  readonly accepted: number;
  readonly emitted: readonly number[];
}

/**
 * One round of a scheme as a function of chance.
 * @example
 * import assert from 'node:assert/strict';
 * import { enumerate } from 'turbo-lora/chance';
 * import { EXACT, schemeFor, roundProgram, problemFrom } from 'turbo-lora/law';
 * import { rational } from 'turbo-lora/numerics';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const round = roundProgram(schemeFor(problem, rejection, EXACT), rational);
 * const [first] = [...enumerate(rational, round)];
 * assert.equal(first!.outcome.emitted.length, first!.outcome.accepted + 1);
 */
export function roundProgram<T>(scheme: Scheme<T>, arithmetic: Arithmetic<T>): (chance: Chance<T>) => Outcome {
  return (chance) => {
    const draft = scheme.propose(chance);
    const target = (node: number): ArrayLike<T> => scheme.target(draft, node);
    const { accepted, token } = scheme.decide({ draft, target, position: 0 }, arithmetic, chance);
    return {
      drafted: draft.tokens,
      parents: draft.parents,
      accepted: accepted.length,
      emitted: [...accepted.map((node) => draft.tokens[node]!), token],
    };
  };
}
