/**
 * A round of a problem on given uniforms: its draft is drawn as the production drafters draw theirs.
 * @packageDocumentation
 */
import { branchTo, type Draft, depthOf } from '../../../draft/draft.ts';
import { proposal } from '../../../law/drafting.ts';
import { EXACT, ROUNDED } from '../../../law/numbers.ts';
import { prefixAt } from '../../../law/prefix.ts';
import type { Problem } from '../../../law/problem.ts';
import { rational } from '../../../numerics/arithmetic.ts';
import type { Rule } from '../../../verify/rule.ts';
import { exactlySampled } from '../tape-chance.ts';
import type { UniformTable } from '../uniform-table.ts';
import type { Asked, RoundInputs } from './played-round.ts';
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
    uniforms: writtenUniforms(uniforms, rule),
  };
}

/** What the rule may ask for: neither what only the drafter needs, nor clocks for a rule that does not race. */
function writtenUniforms({ accept, residual, target, race }: RoundUniforms, { draws }: Rule): UniformTable {
  return { accept, residual, target, ...(draws === 'race' && { race }) };
}

/** The law of a computed token. */
export function oneHot(token: number, vocabulary: number): Float64Array {
  const law = new Float64Array(vocabulary);
  law[token] = 1;
  return law;
}

/** A round with the coins that its case holds. */
export function withFewCoins(inputs: RoundInputs, asked: readonly Asked[]): RoundInputs {
  const coins = mostCoins(inputs, asked);
  const accept = inputs.uniforms.accept.map((row) => Array.from(row).slice(0, coins));
  return { ...inputs, uniforms: { ...inputs.uniforms, accept } };
}

/** As many coins as were tossed at one position, and at least one for each node that is there. */
function mostCoins({ tokens, parents }: RoundInputs, asked: readonly Asked[]): number {
  const counts = new Map<string, number>();
  const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { purpose, position } of asked) if (purpose === 'accept') count(`asked ${position}`);
  for (const node of tokens.keys()) count(`nodes ${branchTo({ tokens, parents, laws: [] }, node).length}`);
  return Math.max(1, ...counts.values());
}
