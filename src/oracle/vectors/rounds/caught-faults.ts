/**
 * Which known faults of engines a round catches: those that decide it otherwise on the same numbers.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { TurboLoraError } from '../../../errors.ts';
import type { Fault } from '../../../law/faults/fault.ts';
import { FAULTS, faultNeeds, faultyScheme } from '../../../law/faults/faults.ts';
import type { Problem } from '../../../law/problem.ts';
import type { Scheme } from '../../../law/scheme.ts';
import { rational } from '../../../numerics/arithmetic.ts';
import type { Rule } from '../../../verify/rule.ts';
import { exactlySampled } from '../tape-chance.ts';
import { emittedBy, type PlayedRound, type RoundInputs } from './played-round.ts';
import { type RoundUniforms, roundTape } from './uniforms.ts';

/** A round of a problem, and what the correct rule makes of it. */
export interface JudgedRound {
  readonly problem: Problem;
  readonly rule: Rule;
  readonly inputs: RoundInputs;
  readonly uniforms: RoundUniforms;
  readonly played: PlayedRound;
}

/** Names of the known faults that emit other tokens than the correct rule. */
export function caughtFaults(round: JudgedRound): string[] {
  const { rule, problem } = round;
  const planted = [...FAULTS.values()].filter((fault) => faultNeeds(fault, rule, problem) === null);
  return planted.filter((fault) => isCaught(fault, round)).map(({ name }) => name);
}

function isCaught(fault: Fault, round: JudgedRound): boolean {
  const emitted = emittedByFault(faultyScheme(round.problem, round.rule, fault), round);
  return emitted !== null && emitted.join() !== round.played.emitted.join();
}

/** Null if the faulty drafter drafts other tokens, or the fault asks for chance that the round does not give. */
function emittedByFault(scheme: Scheme<Fraction>, { inputs, uniforms }: JudgedRound): number[] | null {
  const chance = exactlySampled(roundTape(uniforms));
  try {
    const draft = scheme.propose(chance);
    if (draft.tokens.join() !== inputs.tokens.join() || draft.parents.join() !== inputs.parents.join()) return null;
    const target = (node: number): ArrayLike<Fraction> => scheme.target(draft, node);
    return emittedBy(inputs, scheme.decide({ draft, target, position: 0 }, rational, chance));
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}
