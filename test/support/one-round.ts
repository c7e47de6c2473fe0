/** One round of a rule with every uniform chosen, for verdicts computed by hand. */
import { expect } from 'vitest';
import { sampled } from '../../src/chance/sampled.ts';
import type { Slot } from '../../src/chance/slot.ts';
import type { Draft, DraftLaw, Drawn } from '../../src/draft/draft.ts';
import { float64 } from '../../src/numerics/arithmetic.ts';
import type { Rule } from '../../src/verify/rule.ts';

/** The largest uniform that a tape gives. */
export const ALMOST_ONE = 1 - 2 ** -53;

/** The position of the first token that a round decides: not at 0, where a sum and a difference are the same. */
const POSITION = 7;

/**
 * Decides one round; each asked slot is noted, each answered with the next uniform. `laws[i]` is the target's after
 * node i - 1.
 */
export function decide(rule: Rule, draft: Draft<number>, laws: number[][], uniforms: number[]) {
  const asked: string[] = [];
  const uniform = ({ purpose, position }: Slot): number =>
    uniforms[asked.push(`${purpose}@${position}`) - 1] ?? expect.fail('asked too often');
  const target = (node: number): number[] => laws[node + 1] ?? expect.fail(`no law after node ${node}`);
  const verdict = rule.decide({ draft, target, position: POSITION }, float64, sampled({ uniform }));
  return { ...verdict, asked };
}

/** Children of the root only. */
export function star(drawn: Drawn, tokens: number[], law: DraftLaw<number>): Draft<number> {
  return { drawn, tokens, parents: tokens.map(() => -1), laws: tokens.map(() => law) };
}
