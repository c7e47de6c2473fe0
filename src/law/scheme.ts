/**
 * A scheme of speculative decoding, in parts: how it drafts, which target laws it reads, how it decides. The correct
 * one has the production drafting conventions and the production rule; a fault replaces a part.
 * @packageDocumentation
 */
import type { Chance } from '../chance/chance.ts';
import { checkDraft, type Draft } from '../draft/draft.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { Round, Rule, Verdict } from '../verify/rule.ts';
import { checkShape } from '../verify/rules.ts';
import { proposal } from './drafting.ts';
import type { Numbers } from './numbers.ts';
import { oncePerPrefix, prefixAt } from './prefix.ts';
import type { Problem } from './problem.ts';

/** The parts of a round, each of which an engine can get wrong. */
export interface Scheme<T> {
  /** Draws a draft, with the laws that the verifier gets. */
  propose(chance: Chance<T>): Draft<T>;
  /** The target's law after a node of a draft (-1: after the text). */
  target(draft: Draft<T>, node: number): ArrayLike<T>;
  /** The acceptance rule. */
  decide(round: Round<T>, arithmetic: Arithmetic<T>, chance: Chance<T>): Verdict;
}

/**
 * The correct scheme of a problem: the production drafting conventions and the production rule.
 * @throws {@link UnsupportedError} from `propose`, when the rule does not accept drafts of the problem's shape.
 */
export function schemeFor<T>(problem: Problem, rule: Rule, { arithmetic, lift }: Numbers<T>): Scheme<T> {
  const target = oncePerPrefix((prefix) => lift(problem.target(prefix)));
  const propose = proposal(problem, arithmetic, lift, rule.draws);
  return {
    propose(chance) {
      const draft = propose(chance);
      checkDraft(draft);
      checkShape(rule, draft);
      return draft;
    },
    target: (draft, node) => target(prefixAt(draft, node)),
    decide: (round, numbers, chance) => rule.decide(round, numbers, chance),
  };
}
