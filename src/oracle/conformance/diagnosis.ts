/**
 * What explains an engine's wrong rounds: a known fault, or another rule, that emits exactly what the engine emitted.
 * @packageDocumentation
 */
import { TurboLoraError } from '../../errors.ts';
import type { Rule } from '../../verify/rule.ts';
import { RULES } from '../../verify/rules.ts';
import { emittedWithFault, faultsOf } from '../vectors/rounds/faulty-round.ts';
import { playRound, type RoundInputs } from '../vectors/rounds/played-round.ts';
import type { JudgedCase } from './judge.ts';

/** Something that emits, on every judged case of a rule, what the engine emitted. */
export interface Explanation {
  readonly kind: 'fault' | 'rule';
  readonly name: string;
}

/** How an engine did on the cases of one rule. */
export interface RuleVerdict {
  readonly rule: string;
  readonly judged: number;
  readonly failed: number;
  /**
   * What explains all of it (SPEC-CONFORM-EXPLAINED). Empty without a failure, and when nothing known does: a fault is
   * named only if the engine emitted its tokens on every case, those that pass included.
   */
  readonly explanations: readonly Explanation[];
}

/** The verdict on each rule that was judged. */
export function verdicts(cases: readonly JudgedCase[]): RuleVerdict[] {
  const rules = [...new Set(cases.map(({ rule }) => rule))];
  return rules.flatMap((rule) => {
    const answered = cases.filter((each) => each.rule === rule && emittedBy(each) !== null);
    if (answered.length === 0) return [];
    const failed = answered.filter(({ outcome }) => outcome.kind === 'fail').length;
    const explanations = failed === 0 ? [] : explain(rule, answered);
    return [{ rule: rule.name, judged: answered.length, failed, explanations }];
  });
}

/** Null if the engine did not emit anything. */
function emittedBy({ outcome, test }: JudgedCase): readonly number[] | null {
  if (outcome.kind === 'pass') return test.outputs.emitted;
  return outcome.kind === 'fail' || outcome.kind === 'near tie' ? outcome.got : null;
}

function explain(rule: Rule, answered: readonly JudgedCase[]): Explanation[] {
  const fits = (emitted: (each: JudgedCase) => readonly number[] | null): boolean =>
    answered.every((each) => emitted(each)?.join() === emittedBy(each)!.join());
  const faults = faultsOf(rule).filter((fault) =>
    fits(({ inputs, test }) => emittedWithFault(rule, fault, inputs) ?? test.outputs.emitted),
  );
  const others = [...RULES.values()].filter((other) => other !== rule && fits(({ inputs }) => playedBy(other, inputs)));
  return [
    ...faults.map(({ name }): Explanation => ({ kind: 'fault', name })),
    ...others.map(({ name }): Explanation => ({ kind: 'rule', name })),
  ];
}

/** Null if the rule does not take the draft, or needs chance that the round does not give. */
function playedBy(rule: Rule, inputs: RoundInputs): readonly number[] | null {
  try {
    return playRound(rule, inputs).emitted;
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}
