/**
 * Everything that is known of one round of a rule on a problem: its laws, how far they are from the target, and whether
 * what the rule claims holds.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { UnsupportedError } from '../errors.ts';
import { rational } from '../numerics/arithmetic.ts';
import type { Lossless, Rule } from '../verify/rule.ts';
import { type Certificate, certify } from './certificate.ts';
import { ranking } from './drafting.ts';
import {
  expectedAccepted,
  firstTokenLaw,
  type RoundLaw,
  roundLaw,
  textVariation,
  totalVariation,
} from './enumeration.ts';
import { EXACT, engineFor } from './experiment.ts';
import type { Fault } from './faults/fault.ts';
import { faultyEngine } from './faults/faults.ts';
import type { ExactLaw, ExactLaws, Problem } from './problem.ts';

/** What enumeration says of a rule on a problem. */
export interface Judgement {
  readonly claim: Lossless;
  /** The law of the first emitted token. */
  readonly emitted: ExactLaw;
  /** What it should be: the target's law, or a point mass where the claim is the text of greedy decoding. */
  readonly reference: ExactLaw;
  /** Of the first emitted token. */
  readonly totalVariation: Fraction;
  /** Of whole texts, the round's tokens continued by plain decoding. */
  readonly textVariation: Fraction;
  readonly expectedAccepted: Fraction;
  readonly certificate: Certificate;
  /** Whether what the rule claims holds; a rule that claims nothing holds it always. */
  readonly asClaimed: boolean;
  readonly law: RoundLaw<Fraction>;
}

/** The target's most likely token after each prefix, as a point mass. */
export function greedyLaws(target: ExactLaws): ExactLaws {
  return (prefix) => {
    const law = target(prefix);
    const [best] = ranking(law);
    return law.map((_, token) => (token === best ? rational.one : rational.zero));
  };
}

/** Most drafts that are enumerated: a minute or two of branches. */
const MOST_DRAFTS = 2_000_000;

function checkSize({ vocabulary, parents, drawn }: Problem): void {
  const drafts = drawn === 'top' ? 1 : vocabulary ** parents.length;
  if (drafts > MOST_DRAFTS) {
    const got = `${vocabulary}^${parents.length}`;
    throw new UnsupportedError('problem', `at most ${MOST_DRAFTS} different drafts, to go through them all`, got);
  }
}

/**
 * Enumerates a round of a rule, with a fault planted in it if one is given, and compares it with what the rule claims.
 * @throws {@link UnsupportedError} when the rule does not take the problem's drafts, the fault does not apply, or there
 * are more than two million different drafts.
 * @example
 * import assert from 'node:assert/strict';
 * import { faultNamed, judge, problemFrom, rejection } from 'turbo-lora';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * assert.ok(judge(problem, rejection).asClaimed);
 * assert.equal(judge(problem, rejection, faultNamed('greedy-draft')).totalVariation.toFraction(), '3/20');
 */
export function judge(problem: Problem, rule: Rule, fault: Fault | null = null): Judgement {
  const claim = rule.lossless;
  checkSize(problem);
  const engine = fault === null ? engineFor(problem, rule, EXACT) : faultyEngine(problem, rule, fault);
  const law = roundLaw(engine, rational);
  const reference = claim === 'text' ? greedyLaws(problem.target) : problem.target;
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
