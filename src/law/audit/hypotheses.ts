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
import { addWork, branchCounter, checkWork, type Work, type WorkOptions } from '../work.ts';
import { estimateWork } from '../work-estimate.ts';
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
 * @throws {@link UnsupportedError} when the rule does not take drafts of the problem's shape; {@link WorkLimitError} when
 * enumerating all of them would take more than the budget.
 * @example
 * import assert from 'node:assert/strict';
 * import { hypothesesFor, problemFrom, rejection } from 'turbo-lora';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const names = hypothesesFor(problem, rejection).map(({ name }) => name);
 * assert.equal(names[0], 'correct');
 * assert.ok(names.includes('greedy-draft'));
 */
export function hypothesesFor(
  problem: Problem,
  rule: Rule,
  faults: Iterable<Fault> = FAULTS.values(),
  options: WorkOptions = {},
): Hypothesis[] {
  const applicable = [...faults].filter((fault) => faultNeeds(fault, rule, problem) === null);
  const correct = engineFor(problem, rule, EXACT);
  const engines = [correct, ...applicable.map((fault) => faultyEngine(problem, rule, fault))];
  const work = auditWork(engines, options.budget);
  checkWork(`audit of rule ${rule.name}`, work, problem, options);
  const onBranch = branchCounter(work.branches, options);
  const laws = engines.map((engine) =>
    Array.from(outcomeLaw(engine, rational, onBranch).values(), ({ outcome, probability }) => ({
      outcome,
      probability: nearestNumber(probability),
    })),
  );
  const described = [
    {
      name: 'correct',
      description: `Rule ${rule.name} as it should be.`,
      references: [{ where: rule.source, title: rule.guarantee }],
    },
    ...applicable,
  ];
  return described.map(({ name, description, references }, i) => ({
    name,
    description,
    references,
    outcomes: laws[i]!,
  }));
}

/** Operations per outcome and hypothesis, to number it and to compare laws. */
const PER_OUTCOME = 5;

/** What it takes to enumerate all. Arithmetic inside a fault is not metered: its branches count as dear as those of the rule. */
function auditWork(engines: readonly Engine<Fraction>[], budget: number | undefined): Work {
  const estimates = engines.map((engine) => estimateWork(engine, budget === undefined ? {} : { budget }));
  const [correct] = estimates;
  const perBranch = correct!.operations / correct!.branches + PER_OUTCOME * engines.length;
  return estimates
    .map((work) => ({ ...work, operations: Math.max(work.operations, work.branches * perBranch) }))
    .reduce(addWork, { branches: 0, operations: 0, entries: 0 });
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
