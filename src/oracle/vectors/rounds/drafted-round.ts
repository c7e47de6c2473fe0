/**
 * A round of a problem on given uniforms: its draft is drawn as the production drafters draw theirs.
 * @packageDocumentation
 */
import { type Draft, depthOf } from '../../../draft/draft.ts';
import { proposal } from '../../../law/drafting.ts';
import { EXACT, ROUNDED } from '../../../law/numbers.ts';
import { prefixAt } from '../../../law/prefix.ts';
import type { Problem } from '../../../law/problem.ts';
import { rational } from '../../../numerics/arithmetic.ts';
import type { Rule } from '../../../verify/rule.ts';
import { exactlySampled } from '../tape-chance.ts';
import type { RoundInputs } from './played-round.ts';
import { type RoundUniforms, roundTape, type TableSize } from './uniforms.ts';

/** Size of the table that a round of a problem may ask from. */
export function tableSizeOf({ parents, vocabulary }: Problem): TableSize {
  const depth = depthOf({ tokens: [], parents, laws: [] });
  return { positions: depth + 1, questions: parents.length + 1, vocabulary };
}

/** Draws the draft of a problem and writes out all that decides the round. */
export function draftedRound(problem: Problem, rule: Rule, uniforms: RoundUniforms): RoundInputs {
  const propose = proposal(problem, rational, EXACT.lift, rule.draws);
  const draft: Draft<unknown> = propose(exactlySampled(roundTape(uniforms)));
  const { tokens, parents } = draft;
  const nodes = tokens.map((_, node) => node);
  return {
    vocabulary: problem.vocabulary,
    tokens,
    parents,
    drawn: problem.drawn,
    target: [-1, ...nodes].map((node) => ROUNDED.lift(problem.target(prefixAt(draft, node))) as ArrayLike<number>),
    draft: nodes.map((node) =>
      problem.drawn === 'top'
        ? oneHot(tokens[node]!, problem.vocabulary)
        : (ROUNDED.lift(problem.draft(prefixAt(draft, parents[node]!))) as ArrayLike<number>),
    ),
    uniforms,
  };
}

/** The law of a computed token. */
export function oneHot(token: number, vocabulary: number): Float64Array {
  const law = new Float64Array(vocabulary);
  law[token] = 1;
  return law;
}
