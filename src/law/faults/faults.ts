import type Fraction from 'fraction.js';
import { OptionError, UnsupportedError } from '../../errors.ts';
import type { Rule } from '../../verify/rule.ts';
import { EXACT } from '../numbers.ts';
import type { Problem } from '../problem.ts';
import { type Scheme, schemeFor } from '../scheme.ts';
import { blockStopsEarly, blockTokenResidual } from './block.ts';
import { acceptAtMost, coinAtMost } from './coin.ts';
import {
  coinsAtZero,
  doubleRatio,
  firstUnverified,
  resampleFromTarget,
  residualSoftmax,
  zeroedTarget,
} from './correction.ts';
import { draftRowShifted, greedyDraft, rawDraftLaw, roundedDraftLaw, uninitialisedDraftLaw } from './draft-law.ts';
import type { Fault } from './fault.ts';
import { sharedNoise } from './shared-noise.ts';
import { greedyNotOneHot, targetRowLate, unprocessedTarget } from './target-law.ts';
import { typicalSwapped } from './typical.ts';

const all: readonly Fault[] = [
  ...[residualSoftmax, resampleFromTarget, greedyDraft, rawDraftLaw, sharedNoise],
  ...[targetRowLate, unprocessedTarget, greedyNotOneHot],
  ...[draftRowShifted, uninitialisedDraftLaw, roundedDraftLaw],
  ...[coinAtMost, acceptAtMost, coinsAtZero, doubleRatio, zeroedTarget, firstUnverified],
  ...[blockTokenResidual, blockStopsEarly, typicalSwapped],
];

/** Every known fault, by name. */
export const FAULTS: ReadonlyMap<string, Fault> = new Map(all.map((fault) => [fault.name, fault]));

/**
 * The fault with this name.
 * @throws {@link OptionError} when there is none.
 * @example
 * import assert from 'node:assert/strict';
 * import { faultNamed } from 'turbo-lora/law';
 * assert.deepEqual(faultNamed('residual-softmax').rules, ['rejection']);
 */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.get(name);
  if (fault === undefined) throw new OptionError('fault', `one of ${[...FAULTS.keys()].join(', ')}`, name);
  return fault;
}

/** What a fault would need to be planted in a rule on a problem; null if it can be planted. */
export function faultNeeds(fault: Fault, rule: Rule, problem: Problem): string | null {
  if (!fault.rules.includes(rule.name)) return `rule ${fault.rules.join(' or ')}`;
  return fault.objection?.(problem) ?? null;
}

/**
 * The scheme of a problem with a fault in it.
 * @throws {@link UnsupportedError} when the fault does not apply to the rule or to the problem.
 * @example
 * import assert from 'node:assert/strict';
 * import { faultNamed, faultyScheme, firstTokenLaw, problemFrom, roundLaw } from 'turbo-lora/law';
 * import { rational } from 'turbo-lora/numerics';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const scheme = faultyScheme(problem, rejection, faultNamed('greedy-draft'));
 * assert.deepEqual(firstTokenLaw(roundLaw(scheme, rational), 2).map(String), ['0.75', '0.25']);
 */
export function faultyScheme(problem: Problem, rule: Rule, fault: Fault): Scheme<Fraction> {
  const needs = faultNeeds(fault, rule, problem);
  if (needs !== null) {
    throw new UnsupportedError(`fault ${fault.name}`, needs, `rule ${rule.name}, drafts ${problem.drawn}`);
  }
  return fault.plant(schemeFor(problem, rule, EXACT), problem);
}
