import { without } from '../chance/distribution.ts';
import { descend } from './descend.ts';
import type { Rule } from './rule.ts';

/**
 * EAGLE's rule for trees of computed tokens: accept a child x with probability p(x), because its draft law is a point
 * mass; after a rejection set `p(x) := 0`, renormalise, and try the next child. When all are rejected, draw from the
 * rest of p.
 *
 * One of the children is accepted with probability `sum_children p(x)`.
 * @source Li et al. 2024, arXiv 2401.15077; SafeAILab/EAGLE `eagle/model/utils.py` (`evaluate_posterior`)
 */
export const eagle: Rule<'eagle'> = {
  name: 'eagle',
  guarantee:
    'lossless; accepts one of the computed children with probability equal to the sum of their target probabilities',
  lossless: 'law',
  source: 'Li et al. 2024, arXiv 2401.15077',
  takes: { siblings: ['top'] },
  decide: (round, arithmetic, chance) =>
    descend(round, arithmetic, chance, ({ draft, children, law, position }) => {
      let p = law;
      for (const child of children) {
        const token = draft.tokens[child]!;
        if (chance.accept({ purpose: 'accept', position }, p[token]!, arithmetic.one)) return { child };
        p = without(arithmetic, p, token) ?? p;
      }
      return { token: chance.draw({ purpose: 'residual', position }, p) };
    }),
};
