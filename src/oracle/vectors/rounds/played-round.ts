/**
 * One round with everything that decides it written out, and what a rule makes of it.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Slot } from '../../../chance/slot.ts';
import type { Tape } from '../../../chance/tape.ts';
import type { Draft, Drawn } from '../../../draft/draft.ts';
import { dyadic } from '../../../law/exact-number.ts';
import { float64, rational } from '../../../numerics/arithmetic.ts';
import type { Rule, Verdict } from '../../../verify/rule.ts';
import { exactlySampled, withMargin } from '../tape-chance.ts';
import { tabledTape, type UniformTable } from '../uniform-table.ts';

/** What a rule decides from. */
export interface RoundInputs {
  readonly vocabulary: number;
  readonly tokens: readonly number[];
  /** The parent of each token, -1 for the text. */
  readonly parents: readonly number[];
  readonly drawn: Drawn;
  /** The target's law after the text, then after each drafted token. @shape [1 + N, V] */
  readonly target: readonly ArrayLike<number>[];
  /** The law that each token was drawn from; one-hot for a computed token. @shape [N, V] */
  readonly draft: readonly ArrayLike<number>[];
  readonly uniforms: UniformTable;
}

/** A question that the rule asked, and its answer. */
export interface Asked extends Slot {
  readonly uniform: number;
}

/** What a rule decided, and how. */
export interface PlayedRound {
  /** Nodes of the draft, from the root down. */
  readonly accepted: readonly number[];
  readonly emitted: readonly number[];
  /** Distance of the nearest decision to its boundary, relative. Infinite where chance decides nothing. */
  readonly margin: number;
  readonly asked: readonly Asked[];
  /** Whether exact arithmetic on the same numbers decides the same. */
  readonly exact: boolean;
}

/** Plays a round in float64, and once more in exact rationals to see whether rounding had a part in it. */
export function playRound(rule: Rule, inputs: RoundInputs): PlayedRound {
  const asked: Asked[] = [];
  const tape = tabledTape(inputs.uniforms);
  const listening: Tape = {
    uniform(slot) {
      const uniform = tape.uniform(slot);
      asked.push({ ...slot, uniform });
      return uniform;
    },
  };
  const { chance, margin } = withMargin(listening);
  const target = (node: number): ArrayLike<number> => inputs.target[node + 1]!;
  const verdict = rule.decide({ draft: draftOf(inputs), target, position: 0 }, float64, chance);
  const exactly = playExactly(rule, inputs);
  const emitted = emittedBy(inputs, verdict);
  const exact = exactly.token === verdict.token && exactly.accepted.join() === verdict.accepted.join();
  return { accepted: verdict.accepted, emitted, margin: margin(), asked, exact };
}

/** The draft of a round, in float64. Computed tokens are point masses. */
export function draftOf({ tokens, parents, draft, drawn }: RoundInputs): Draft<number> {
  return { tokens, parents, drawn, laws: drawn === 'top' ? tokens.map(() => 'point' as const) : draft };
}

/** The accepted tokens and the one after them. */
export function emittedBy({ tokens }: Pick<RoundInputs, 'tokens'>, { accepted, token }: Verdict): number[] {
  return [...accepted.map((node) => tokens[node]!), token];
}

/** The draft of a round, in exact rationals. */
export function exactDraftOf(inputs: RoundInputs): Draft<Fraction> {
  const draft = draftOf(inputs);
  return { ...draft, laws: draft.laws.map((law) => (law === 'point' ? law : Array.from(law, dyadic))) };
}

function playExactly(rule: Rule, inputs: RoundInputs): Verdict {
  const lifted = inputs.target.map((law) => Array.from(law, dyadic));
  const chance = exactlySampled(tabledTape(inputs.uniforms));
  const target = (node: number): ArrayLike<Fraction> => lifted[node + 1]!;
  return rule.decide({ draft: exactDraftOf(inputs), target, position: 0 }, rational, chance);
}
