/**
 * What an engine with a known fault makes of a round: the faulty scheme, whose law `turbo-lora law --fault` enumerates,
 * on the numbers of the round and nothing else.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Chance } from '../../../chance/chance.ts';
import type { Draft } from '../../../draft/draft.ts';
import { TurboLoraError } from '../../../errors.ts';
import type { Fault } from '../../../law/faults/fault.ts';
import { FAULTS, faultNeeds } from '../../../law/faults/faults.ts';
import { prefixAt } from '../../../law/prefix.ts';
import type { Problem } from '../../../law/problem.ts';
import type { Scheme } from '../../../law/scheme.ts';
import { rational } from '../../../numerics/arithmetic.ts';
import type { Rule } from '../../../verify/rule.ts';
import { exactlySampled } from '../tape-chance.ts';
import { tabledTape } from '../uniform-table.ts';
import { emittedBy, exactDraftOf, type RoundInputs } from './played-round.ts';
import { problemOf } from './round-problem.ts';

/** The known faults that can be planted in a rule. */
export function faultsOf(rule: Rule): Fault[] {
  return [...FAULTS.values()].filter(({ rules }) => rules.includes(rule.name));
}

/**
 * Tokens that an engine with the fault emits; null if the fault does not apply to the round, or asks for chance that
 * the round does not give.
 */
export function emittedWithFault(rule: Rule, fault: Fault, inputs: RoundInputs): number[] | null {
  const problem = problemOf(inputs);
  if (faultNeeds(fault, rule, problem) !== null) return null;
  const chance = redrafting(exactlySampled(tabledTape(inputs.uniforms)), inputs.tokens);
  const scheme = fault.plant(schemeOf(rule, inputs, problem), problem);
  try {
    const draft = scheme.propose(chance);
    if (!sameTree(draft, inputs)) return null;
    const target = (node: number): ArrayLike<Fraction> => scheme.target(draft, node);
    return emittedBy(inputs, scheme.decide({ draft, target, position: 0 }, rational, chance));
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}

/** A faulty drafter may find no token where the round has one. */
function sameTree({ tokens, parents }: Draft<unknown>, inputs: RoundInputs): boolean {
  return tokens.join() === inputs.tokens.join() && parents.join() === inputs.parents.join();
}

/** The correct scheme, with the draft of the round. */
function schemeOf(rule: Rule, inputs: RoundInputs, problem: Problem): Scheme<Fraction> {
  const draft = exactDraftOf(inputs);
  return {
    propose: () => draft,
    target: (drafted, node) => problem.target(prefixAt(drafted, node)),
    decide: (round, arithmetic, chance) => rule.decide(round, arithmetic, chance),
  };
}

/** A chance whose drafted tokens are those of a round, in order. */
function redrafting(chance: Chance<Fraction>, tokens: readonly number[]): Chance<Fraction> {
  let next = 0;
  return {
    ...chance,
    draw: (slot, weights) => (slot.purpose === 'draft' ? tokens[next++]! : chance.draw(slot, weights)),
  };
}
