/**
 * Everything about one round of a rule on a problem: its laws, how far they are from the target, and whether the rule's
 * claim holds.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { rational } from '../numerics/arithmetic.ts';
import type { Lossless, Rule } from '../verify/rule.ts';
import { type Certificate, certify } from './certificate.ts';
import {
  expectedAccepted,
  firstTokenLaw,
  type RoundLaw,
  roundLaw,
  textVariation,
  totalVariation,
} from './enumeration.ts';
import type { Fault } from './faults/fault.ts';
import { faultyScheme } from './faults/faults.ts';
import { greedyLaw } from './greedy-law.ts';
import { EXACT } from './numbers.ts';
import type { ExactLaw, ExactLaws, Problem } from './problem.ts';
import { type Scheme, schemeFor } from './scheme.ts';
import { longestRound } from './shape.ts';
import { addWork, branchCounter, checkWork, type Work, type WorkOptions } from './work.ts';
import { estimateWork } from './work-estimate.ts';

/** What enumeration says about a rule on a problem. */
export interface ExactReport {
  readonly claim: Lossless;
  /** The law of the first emitted token. */
  readonly emitted: ExactLaw;
  /** The claimed law: the target's, or a point mass if the claim is the text of greedy decoding. */
  readonly reference: ExactLaw;
  /** Of the first emitted token. */
  readonly totalVariation: Fraction;
  /** Of whole texts, the round's tokens continued by plain decoding. */
  readonly textVariation: Fraction;
  readonly expectedAccepted: Fraction;
  readonly certificate: Certificate;
  /** Whether the rule's claim holds; always true for a rule without a claim. */
  readonly asClaimed: boolean;
  readonly law: RoundLaw<Fraction>;
}

/**
 * The work of a report: the enumeration, then two sums for each prefix of each block, and an identity and a term of the
 * variation for each prefix and token. The number of prefixes is bounded both by all texts and by all branches.
 */
function reportWork(scheme: Scheme<Fraction>, problem: Problem, budget: number | undefined): Work {
  const enumeration = estimateWork(scheme, budget === undefined ? {} : { budget });
  const { branches, costOfProbability: cost } = enumeration;
  const depth = longestRound(problem);
  const { vocabulary } = problem;
  const texts = vocabulary === 1 ? depth : (vocabulary ** depth - 1) / (vocabulary - 1);
  const identities = vocabulary * Math.min(branches * depth, texts);
  const sums = Math.min(branches, texts * vocabulary) * depth * (2 * cost + depth / 10);
  return addWork(enumeration, { branches: 0, operations: sums + 6 * cost * identities, entries: identities });
}

/**
 * Enumerates a round of a rule, with a fault planted in it if one is given, and compares it with what the rule claims.
 * @throws {@link UnsupportedError} when the rule does not accept the problem's drafts, or the fault does not apply;
 * {@link WorkLimitError} when it would take more than the budget.
 * @example
 * import assert from 'node:assert/strict';
 * import { faultNamed, exactReport, problemFrom } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * assert.ok(exactReport(problem, rejection).asClaimed);
 * assert.equal(exactReport(problem, rejection, faultNamed('greedy-draft')).totalVariation.toFraction(), '3/20');
 */
export function exactReport(
  problem: Problem,
  rule: Rule,
  fault: Fault | null = null,
  options: WorkOptions = {},
): ExactReport {
  const claim = rule.lossless;
  const scheme = fault === null ? schemeFor(problem, rule, EXACT) : faultyScheme(problem, rule, fault);
  const work = reportWork(scheme, problem, options.budget);
  checkWork(`law of rule ${rule.name}`, work, problem, options);
  const law = roundLaw(scheme, rational, branchCounter(work.branches, options));
  const reference: ExactLaws = claim === 'text' ? (prefix) => greedyLaw(problem.target(prefix)) : problem.target;
  const emitted = firstTokenLaw(law, problem.vocabulary);
  const certificate = certify(law, reference);
  return {
    claim,
    emitted,
    reference: reference([]),
    totalVariation: totalVariation(emitted, reference([])),
    textVariation: textVariation(law, reference),
    expectedAccepted: expectedAccepted(law),
    certificate,
    asClaimed: claim === 'no' || certificate.holds,
    law,
  };
}
