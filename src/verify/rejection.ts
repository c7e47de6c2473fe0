import { massOf } from '../draft/draft-law.ts';
import { residual, withMass } from './residual.ts';
import type { Rule } from './rule.ts';

/**
 * Speculative rejection sampling on a chain: accept x with probability min(1, p(x) / q(x)). At the first rejection draw
 * from the residual `max(p - q, 0)` and stop; when all are accepted, draw one more token from p.
 *
 * `P(x) = q(x) min(1, p(x)/q(x)) + (1 - sum_y min(p, q)) * max(p(x) - q(x), 0) / sum_y max(p(y) - q(y), 0) = p(x)`.
 * @source Leviathan et al. 2022, arXiv 2211.17192, algorithm 1; Chen et al. 2023, arXiv 2302.01318, algorithm 2
 */
export const rejection: Rule<'rejection'> = {
  name: 'rejection',
  guarantee: 'lossless; accepts each token with probability sum_x min(p(x), q(x)), the best possible for one draft',
  lossless: 'law',
  source: 'Leviathan et al. 2022, arXiv 2211.17192',
  takes: { siblings: 'none' },
  readsDraftLaws: true,
  decide({ draft, target, position }, arithmetic, chance) {
    const accepted: number[] = [];
    for (const [node, token] of draft.tokens.entries()) {
      const p = target(node - 1);
      const q = draft.laws[node]!;
      const at = position + node;
      if (!chance.accept({ purpose: 'accept', position: at }, p[token]!, massOf(arithmetic, q, token))) {
        const excess = withMass(arithmetic, residual(arithmetic, p, q, token), p);
        return { accepted, token: chance.draw({ purpose: 'residual', position: at }, excess) };
      }
      accepted.push(node);
    }
    const bonus = position + accepted.length;
    return { accepted, token: chance.draw({ purpose: 'target', position: bonus }, target(accepted.length - 1)) };
  },
};
