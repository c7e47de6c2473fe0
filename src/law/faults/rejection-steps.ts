import type Fraction from 'fraction.js';
import type { Chance } from '../../chance/chance.ts';
import type { DraftLaw } from '../../draft/draft.ts';
import { massOf } from '../../draft/draft-law.ts';
import { rational } from '../../numerics/arithmetic.ts';
import { residual, withMass } from '../../verify/residual.ts';
import type { Round, Verdict } from '../../verify/rule.ts';

/** The steps of rejection sampling that a fault can replace. */
export interface RejectionSteps {
  /** Weights of the correction after `token` was rejected. */
  afterRejection(p: ArrayLike<Fraction>, q: DraftLaw<Fraction>, token: number): ArrayLike<Fraction>;
  /** Numerator of the acceptance, whose denominator is q(x). */
  numerator(p: ArrayLike<Fraction>, token: number): Fraction;
  /** Whether a drafted token is accepted without a coin. */
  unverified(node: number): boolean;
}

const correct: RejectionSteps = {
  afterRejection: (p, q, token) => residual(rational, p, q, token),
  numerator: (p, token) => p[token]!,
  unverified: () => false,
};

/** Rejection sampling on a chain, rebuilt from replaceable steps. With none replaced it is lossless. */
export function rejectionFrom(
  exchanged: Partial<RejectionSteps>,
): (round: Round<Fraction>, arithmetic: unknown, chance: Chance<Fraction>) => Verdict {
  const steps = { ...correct, ...exchanged };
  return ({ draft, target, position }, _arithmetic, chance) => {
    const accepted: number[] = [];
    for (const [node, token] of draft.tokens.entries()) {
      const p = target(node - 1);
      const q = draft.laws[node]!;
      const slot = { purpose: 'accept', position: position + node } as const;
      if (!steps.unverified(node) && !chance.accept(slot, steps.numerator(p, token), massOf(rational, q, token))) {
        const possible = withMass(rational, Array.from(steps.afterRejection(p, q, token)), p);
        return { accepted, token: chance.draw({ purpose: 'residual', position: position + node }, possible) };
      }
      accepted.push(node);
    }
    const bonus = { purpose: 'target', position: position + accepted.length } as const;
    return { accepted, token: chance.draw(bonus, target(accepted.length - 1)) };
  };
}
