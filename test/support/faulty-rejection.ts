/** Rejection once more, from steps that a planted fault may replace. Without a fault it is lossless. */
import type Fraction from 'fraction.js';
import type { DraftLaw } from '../../src/draft/draft.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { residual } from '../../src/verify/residual.ts';
import type { ExactRule, Law } from './losslessness.ts';

/** The steps of rejection that a fault may replace. */
export interface RejectionSteps {
  accepts(p: Law, q: DraftLaw<Fraction>, token: number, toss: () => boolean, node: number): boolean;
  afterRejection(p: Law, q: DraftLaw<Fraction>, token: number): ArrayLike<Fraction>;
  /** Which node's law drafted token `node` is verified with. */
  row(node: number): number;
  afterAll(last: number): number;
}

const correct: RejectionSteps = {
  accepts: (_p, _q, _token, toss) => toss(),
  afterRejection: (p, q, token) => residual(rational, p, q, token),
  row: (node) => node - 1,
  afterAll: (last) => last,
};

/** Rejection once more, from exchangeable steps. */
export function rejectionWith(fault: Partial<RejectionSteps>): ExactRule {
  const steps = { ...correct, ...fault };
  return {
    decide({ draft, target, position }, _arithmetic, chance) {
      const accepted: number[] = [];
      for (const [node, token] of draft.tokens.entries()) {
        const p = target(steps.row(node)) as Law;
        const q = draft.laws[node]!;
        const mass = q === 'point' ? rational.one : q[token]!;
        const toss = () => chance.accept({ purpose: 'accept', position: position + node }, p[token]!, mass);
        if (!steps.accepts(p, q, token, toss, node)) {
          const slot = { purpose: 'residual', position: position + node } as const;
          return { accepted, token: chance.draw(slot, steps.afterRejection(p, q, token)) };
        }
        accepted.push(node);
      }
      const slot = { purpose: 'target', position: position + accepted.length } as const;
      return { accepted, token: chance.draw(slot, target(steps.afterAll(accepted.length - 1))) };
    },
  };
}
