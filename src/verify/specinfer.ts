import { normalised } from '../chance/distribution.ts';
import { massOf } from '../draft/draft-law.ts';
import { descend } from './descend.ts';
import { residual } from './residual.ts';
import type { Rule } from './rule.ts';

/**
 * Multi-step speculative sampling: siblings are tried one after the other, each as in rejection sampling. Accept x with
 * probability min(1, p(x) / q(x)) and continue below it; otherwise set `p := norm max(p - q, 0)` and try the next. When
 * all are rejected, draw from the final p.
 *
 * After a rejection a token must be drawn from the residual; the next sibling, drawn independently, is a draft for
 * exactly that draw. Every step is lossless for its p, and so is the whole.
 * @source Miao et al. 2023, arXiv 2305.09781, algorithm 2 (verify stochastic)
 */
export const specinfer: Rule<'specinfer'> = {
  name: 'specinfer',
  guarantee: 'lossless; rejection sampling over independent siblings, one after the other',
  lossless: 'law',
  source: 'Miao et al. 2023, arXiv 2305.09781',
  takes: { siblings: ['independent', 'top'] },
  readsDraftLaws: true,
  decide: (round, arithmetic, chance) =>
    descend(round, arithmetic, chance, ({ draft, children, law, position }) => {
      let p = law;
      for (const child of children) {
        const token = draft.tokens[child]!;
        const q = draft.laws[child]!;
        const accept = { purpose: 'accept', position } as const;
        if (chance.accept(accept, p[token]!, massOf(arithmetic, q, token))) return { child };
        // In exact arithmetic the residual of a rejected token has mass; rounding may empty it.
        p = normalised(arithmetic, residual(arithmetic, p, q, token)) ?? p;
      }
      return { token: chance.draw({ purpose: 'residual', position }, p) };
    }),
};
