import type Fraction from 'fraction.js';
import { LawError } from '../../errors.ts';
import { rational } from '../../numerics/arithmetic.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';
import type { Rule } from '../../verify/rule.ts';
import { outcomeLaw } from '../enumeration.ts';
import type { Fault, FaultReference } from '../faults/fault.ts';
import { FAULTS, faultNeeds, faultyScheme } from '../faults/faults.ts';
import { greedyLaw } from '../greedy-law.ts';
import { EXACT } from '../numbers.ts';
import type { ExactLaw, Problem } from '../problem.ts';
import { type Scheme, schemeFor } from '../scheme.ts';
import { addWork, branchCounter, checkWork, type Work, type WorkOptions } from '../work.ts';
import { estimateWork } from '../work-estimate.ts';
import type { WeightedOutcome } from './outcome-table.ts';
import type { SequenceLaw } from './sequence-law.ts';

/** What may have produced the rounds: the correct rule, or the rule with a known fault. */
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
 * A fault that makes the rule fail (optimal transport given a law that excludes the drafted token) is left out.
 * @throws {@link UnsupportedError} when the rule does not take drafts of the problem's shape; {@link WorkLimitError}
 * when enumerating all of them would take more than the budget.
 * @example
 * import assert from 'node:assert/strict';
 * import { hypothesesFor, problemFrom } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
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
  const candidates: readonly Candidate[] = [
    {
      name: 'correct',
      description: `The correct rule ${rule.name}.`,
      references: [{ where: rule.source, title: rule.guarantee }],
      scheme: schemeFor(problem, rule, EXACT),
    },
    ...[...faults]
      .filter((fault) => faultNeeds(fault, rule, problem) === null)
      .map((fault) => ({ ...described(fault), scheme: faultyScheme(problem, rule, fault) })),
  ];
  const work = auditWork(candidates, options.budget);
  checkWork(`audit of rule ${rule.name}`, work, problem, options);
  const onBranch = branchCounter(work.branches, options);
  return candidates.flatMap(({ scheme, ...about }, i) => {
    const law = () => Array.from(outcomeLaw(scheme, rational, onBranch).values());
    const exact = i === 0 ? law() : orFailed(law);
    if (exact === null) return [];
    return {
      ...about,
      outcomes: exact.map(({ outcome, probability: p }) => ({ outcome, probability: nearestNumber(p) })),
    };
  });
}

interface Candidate extends Omit<Hypothesis, 'outcomes'> {
  readonly scheme: Scheme<Fraction>;
}

function described({ name, description, references }: Fault): Omit<Hypothesis, 'outcomes'> {
  return { name, description, references };
}

/**
 * What `work` gives for a fault; null when the rule fails on the laws that the fault passes to it and so plays no
 * rounds.
 */
function orFailed<R>(work: () => R): R | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof LawError) return null;
    throw error;
  }
}

/** Operations per outcome and hypothesis, to number it and to compare laws. */
const PER_OUTCOME = 5;

/**
 * The cost of enumerating all. Arithmetic inside a fault is not metered: its branches are assumed to cost as much as
 * the rule's.
 */
function auditWork(candidates: readonly Candidate[], budget: number | undefined): Work {
  const estimate = ({ scheme }: Candidate): Work => estimateWork(scheme, budget === undefined ? {} : { budget });
  const [correct, ...faulty] = candidates;
  const ownWork = estimate(correct!);
  const perBranch = ownWork.operations / ownWork.branches + PER_OUTCOME * candidates.length;
  return [ownWork, ...faulty.flatMap((candidate) => orFailed(() => estimate(candidate)) ?? [])]
    .map((work) => ({ ...work, operations: Math.max(work.operations, work.branches * perBranch) }))
    .reduce(addWork, { branches: 0, operations: 0, entries: 0 });
}

/**
 * What plain decoding emits after each prefix: the target's law, or for a rule of greedy decoding its most likely
 * token.
 * @example
 * import assert from 'node:assert/strict';
 * import { plainLaw, problemFrom } from 'turbo-lora/law';
 * import { greedy } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * assert.deepEqual(plainLaw(problem, greedy).after([]), [1, 0]);
 */
export function plainLaw({ target }: Problem, rule: Rule): SequenceLaw {
  const plain = (law: ExactLaw): ExactLaw => (rule.lossless === 'text' ? greedyLaw(law) : law);
  return { after: (prefix) => plain(target(prefix)).map(nearestNumber) };
}
