/**
 * Faults of trees that the judge has no name for: an engine has them in the rounds of rules that take trees. They must
 * be caught; nothing may be named, because no known fault is theirs.
 */

import { massOf } from '../../src/draft/draft-law.ts';
import { TurboLoraError } from '../../src/errors.ts';
import { playRound, type RoundInputs } from '../../src/oracle/vectors/rounds/played-round.ts';
import { descend } from '../../src/verify/descend.ts';
import { residual, withMass } from '../../src/verify/residual.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { ruleNamed } from '../../src/verify/rules.ts';
import { engineThat } from '../support/own-engines.ts';
import { casesOfSuite, judged, rowOf } from './judged.ts';
import type { Row } from './row.ts';

/** A fault of how trees are decided. */
interface TreeFault {
  readonly name: string;
  readonly rules: readonly string[];
  /** What an engine with the fault emits. */
  emit(rule: Rule, inputs: RoundInputs): readonly number[];
}

/** Siblings are tried from the last to the first. */
const siblingsReversed: TreeFault = {
  name: 'siblings-reversed',
  rules: ['specinfer', 'recursive', 'eagle', 'k-seq'],
  emit: (rule, inputs) => playRound(rule, reversed(inputs)).emitted,
};

/** The same tree, its nodes numbered so that the last of some siblings comes first. */
function reversed(inputs: RoundInputs): RoundInputs {
  const { tokens, parents, draft, target } = inputs;
  const order: number[] = [];
  const visit = (parent: number): void => {
    const children = [...parents.keys()].filter((node) => parents[node] === parent).reverse();
    for (const child of children) {
      order.push(child);
      visit(child);
    }
  };
  visit(-1);
  return {
    ...inputs,
    tokens: order.map((node) => tokens[node]!),
    parents: order.map((node) => order.indexOf(parents[node]!)),
    draft: order.map((node) => draft[node]!),
    target: [target[0]!, ...order.map((node) => target[node + 1]!)],
  };
}

/** After a rejected sibling the next one is tried against p again, not against what is left of it. */
const residualNotCarried: TreeFault = {
  name: 'sibling-residual-not-carried',
  rules: ['specinfer', 'recursive', 'eagle'],
  emit: (rule, inputs) => playRound({ ...rule, decide: withoutCarrying }, inputs).emitted,
};

const withoutCarrying: Rule['decide'] = (round, arithmetic, chance) =>
  descend(round, arithmetic, chance, ({ draft, children, law, position }) => {
    let left = law;
    for (const child of children) {
      const [token, q] = [draft.tokens[child]!, draft.laws[child]!];
      if (chance.accept({ purpose: 'accept', position }, law[token]!, massOf(arithmetic, q, token))) return { child };
      left = withMass(arithmetic, residual(arithmetic, law, q, token), law);
    }
    return { token: chance.draw({ purpose: 'residual', position }, left) };
  });

/** Every fault of trees. */
export const TREE_FAULTS: readonly TreeFault[] = [siblingsReversed, residualNotCarried];

/** What the judge makes of a fault on the rounds of its rules. */
export async function treeRow({ name, rules, emit }: TreeFault): Promise<Row> {
  const all = [];
  for (const part of rules) {
    const rule = ruleNamed(part);
    const engine = engineThat(part, (inputs) => orRight(() => emit(rule, inputs), rule, inputs));
    all.push(
      ...(await judged(
        engine,
        casesOfSuite('rounds').filter((test) => test.part === part),
      )),
    );
  }
  return { ...rowOf(name, all), isListed: false };
}

/** A round that does not hold the chance that a faulty engine asks for cannot show the fault. */
function orRight(emit: () => readonly number[], rule: Rule, inputs: RoundInputs): readonly number[] {
  try {
    return emit();
  } catch (error) {
    if (error instanceof TurboLoraError) return playRound(rule, inputs).emitted;
    throw error;
  }
}
