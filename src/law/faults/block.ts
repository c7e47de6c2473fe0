/**
 * Faults of block verification.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Chance } from '../../chance/chance.ts';
import type { Draft } from '../../draft/draft.ts';
import { lawInFull, massOf } from '../../draft/draft-law.ts';
import { rational, sum } from '../../numerics/arithmetic.ts';
import { scaledResidual, withMass } from '../../verify/residual.ts';
import type { Round, Verdict } from '../../verify/rule.ts';
import type { ProblemInput } from '../problem-input.ts';
import type { Fault } from './fault.ts';

/** The steps of block verification that a fault can replace. */
interface BlockSteps {
  /** Whether positions after the first failed one are still checked. */
  readonly goesOn: boolean;
  /** Whether the correction comes from `max(r p - q, 0)`, the block's residual, or from `max(p - q, 0)`. */
  readonly weighted: boolean;
}

/** Two drafted tokens, with the same laws at both: one coin can fail where the next one succeeds. */
const SAME_ROWS: ProblemInput = {
  vocabulary: 2,
  target: ['1/3', '2/3'],
  draft: ['2/3', '1/3'],
  shape: { chain: 2 },
};

/** `max(weight p - q, 0)`. */
function excess(weight: Fraction, p: ArrayLike<Fraction>, draft: Draft<Fraction>, node: number): Fraction[] {
  return scaledResidual(rational, weight, p, lawInFull(rational, draft.laws[node]!, draft.tokens[node]!, p.length));
}

/** Block verification on a chain, rebuilt from replaceable steps; `{ goesOn: true, weighted: true }` is correct. */
export function blockFrom({ goesOn, weighted }: BlockSteps) {
  return ({ draft, target, position }: Round<Fraction>, _arithmetic: unknown, chance: Chance<Fraction>): Verdict => {
    const length = draft.tokens.length;
    const weights = [rational.one]; // r0, r1, …
    let accepted = 0;
    for (let i = 1; i <= length; i++) {
      const token = draft.tokens[i - 1]!;
      const ratio = weights[i - 1]!.mul(target(i - 2)[token]!).div(massOf(rational, draft.laws[i - 1]!, token));
      const weight = ratio.compare(1) > 0 ? rational.one : ratio;
      weights.push(weight);
      const mass = i === length ? weight : sum(rational, excess(weight, target(i - 1), draft, i));
      const whole = i === length ? rational.one : mass.add(1).sub(weight);
      const certain = whole.compare(0) === 0; // 0/0 counts as one
      const passes = certain || chance.accept({ purpose: 'accept', position: position + i - 1 }, mass, whole);
      if (passes) accepted = i;
      else if (!goesOn) break;
    }
    const p = target(accepted - 1);
    const nodes = Array.from({ length: accepted }, (_, node) => node);
    if (accepted === length) {
      return { accepted: nodes, token: chance.draw({ purpose: 'target', position: position + accepted }, p) };
    }
    const left = excess(weighted ? weights[accepted]! : rational.one, p, draft, accepted);
    const possible = withMass(rational, left, p);
    return { accepted: nodes, token: chance.draw({ purpose: 'residual', position: position + accepted }, possible) };
  };
}

/**
 * The residual of the token rule under the block rule. It is half of what the reference reports: that code also accepts
 * the first i tokens when the product of their ratios is at least the product of i uniforms. Such a coin shows heads
 * with probability `a sum_(k < i) (-ln a)^k / k!`, which is not rational in a, so it has no exact law here.
 */
export const blockTokenResidual: Fault = {
  name: 'block-token-residual',
  description:
    'Block verification draws its correction from max(p - q, 0), the residual of the token rule, instead of max(r p - q, 0).',
  rules: ['block'],
  references: [
    {
      where: 'vllm-project/vllm-ascend#7807',
      title: 'among other faults, block verification with the token-level residual',
    },
  ],
  reveals: {
    vocabulary: 3,
    target: ['2/5', '3/10', '3/10'],
    draft: ['7/10', '1/10', '1/5'],
    shape: { chain: 2 },
  },
  plant: (scheme) => ({ ...scheme, decide: blockFrom({ goesOn: true, weighted: false }) }),
};

/** Block verification that stops too early. */
export const blockStopsEarly: Fault = {
  name: 'block-stops-early',
  description: 'Block verification stops at the first position that fails instead of taking the last one that passes.',
  rules: ['block'],
  references: [{ where: 'arXiv 2403.10444', title: 'algorithm 2 takes the largest position that passes' }],
  reveals: SAME_ROWS,
  plant: (scheme) => ({ ...scheme, decide: blockFrom({ goesOn: false, weighted: true }) }),
};
