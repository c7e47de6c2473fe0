import type Fraction from 'fraction.js';
import { rational } from '../../numerics/arithmetic.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';
import type { Rule } from '../../verify/rule.ts';
import { ranking } from '../drafting.ts';
import { outcomeLaw } from '../enumeration.ts';
import { type Engine, EXACT, engineFor } from '../experiment.ts';
import type { Fault, FaultReference } from '../faults/fault.ts';
import { FAULTS, faultNeeds, faultyEngine } from '../faults/faults.ts';
import type { ExactLaw, Problem } from '../problem.ts';
import type { WeightedOutcome } from './outcome-table.ts';
import type { SequenceLaw } from './sequence-law.ts';

/** What may have made the rounds: the rule as it should be, or with a known fault in it. */
export interface Hypothesis {
  /** `correct`, or the name of the fault. */
  readonly name: string;
  readonly description: string;
  readonly references: readonly FaultReference[];
  /** Its law of rounds. */
  readonly outcomes: readonly WeightedOutcome[];
}

/**
 * The correct rule and each fault that applies to it on this problem, with their laws of rounds, the correct one first.
 * @throws {@link UnsupportedError} when the rule does not take drafts of the problem's shape.
 * @example
 * import assert from 'node:assert/strict';
 * import { hypothesesFor, problemFrom, rejection } from 'turbo-lora';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const names = hypothesesFor(problem, rejection).map(({ name }) => name);
 * assert.equal(names[0], 'correct');
 * assert.ok(names.includes('greedy-draft'));
 */
export function hypothesesFor(problem: Problem, rule: Rule, faults: Iterable<Fault> = FAULTS.values()): Hypothesis[] {
  const law = (engine: Engine<Fraction>): WeightedOutcome[] =>
    Array.from(outcomeLaw(engine, rational).values(), ({ outcome, probability }) => ({
      outcome,
      probability: nearestNumber(probability),
    }));
  const correct: Hypothesis = {
    name: 'correct',
    description: `Rule ${rule.name} as it should be.`,
    references: [{ where: rule.source, title: rule.guarantee }],
    outcomes: law(engineFor(problem, rule, EXACT)),
  };
  const applicable = [...faults].filter((fault) => faultNeeds(fault, rule, problem) === null);
  const faulty = applicable.map((fault): Hypothesis => {
    const { name, description, references } = fault;
    return { name, description, references, outcomes: law(faultyEngine(problem, rule, fault)) };
  });
  return [correct, ...faulty];
}

/**
 * What plain decoding emits after each prefix: the target's law, or for a rule of greedy decoding its most likely token.
 * @example
 * import assert from 'node:assert/strict';
 * import { greedy, plainLaw, problemFrom } from 'turbo-lora';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * assert.deepEqual(plainLaw(problem, greedy).after([]), [1, 0]);
 */
export function plainLaw({ target }: Problem, rule: Rule): SequenceLaw {
  const probabilities = (law: ExactLaw): number[] => {
    if (rule.lossless !== 'text') return law.map(nearestNumber);
    const [best] = ranking(law);
    return law.map((_, token) => (token === best ? 1 : 0));
  };
  return { after: (prefix) => probabilities(target(prefix)) };
}
