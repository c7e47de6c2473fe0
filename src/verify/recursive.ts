import type { Chance } from '../chance/chance.ts';
import { normalised, without } from '../chance/distribution.ts';
import { lawInFull } from '../draft/draft-law.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import { descend } from './descend.ts';
import { scaledResidual } from './residual.ts';
import type { Round, Rule } from './rule.ts';

/**
 * Recursive rejection sampling: as SpecInfer's multi-step rule, for siblings drawn without replacement. After a
 * rejected x both laws change: `p := norm max(p - q, 0)`, `q := norm(q without x)`, which is the law of the next
 * sibling.
 *
 * No token is tried twice, so extra siblings always help: if all of q's tokens are drafted and p has no mass elsewhere,
 * one of them is always accepted.
 * @source Chen et al. 2024, arXiv 2402.12374 (Sequoia), algorithm 2; Jeon et al. 2024, arXiv 2402.14160
 */
export const recursive: Rule<'recursive'> = {
  name: 'recursive',
  guarantee: 'lossless; rejection sampling over siblings drawn without replacement',
  lossless: 'law',
  source: 'Chen et al. 2024, arXiv 2402.12374',
  takes: { siblings: ['without-replacement', 'top'] },
  readsDraftLaws: true,
  decide: <T>(round: Round<T>, arithmetic: Arithmetic<T>, chance: Chance<T>) =>
    descend(round, arithmetic, chance, ({ draft, children, law, position }) => {
      let p = law;
      let left: T[] | null = null;
      for (const child of children) {
        const token = draft.tokens[child]!;
        const q: T[] = left ?? lawInFull(arithmetic, draft.laws[child]!, token, law.length);
        if (chance.accept({ purpose: 'accept', position }, p[token]!, q[token]!)) return { child };
        p = normalised(arithmetic, scaledResidual(arithmetic, arithmetic.one, p, q)) ?? p;
        left = without(arithmetic, q, token);
      }
      return { token: chance.draw({ purpose: 'residual', position }, p) };
    }),
};
