import type { Chance } from '../chance/chance.ts';
import { lawInFull } from '../draft/draft-law.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';
import { carriedMass } from './carried-mass.ts';
import { scaledResidual, withMass } from './residual.ts';
import type { Round, Rule, Verdict } from './rule.ts';

/**
 * Block verification: the drafted block is judged as a whole. With `r_0 = 1`, `r_i = min(1, r_(i-1) p(x_i) / q(x_i))`
 * and `M_i = sum_x max(r_i p(x | x1..xi) - q(x | x1..xi), 0)`, let `h_i = M_i / (M_i + 1 - r_i)` (0/0 = 1) for i < K
 * and `h_K = r_K`. Accept the first tau tokens, where tau is the LARGEST i with u_i < h_i; then draw from
 * `norm max(r_tau p - q, 0)`, or from p when tau = K.
 *
 * Later tokens can rescue earlier ones, so no lossless rule for a single chain accepts more. Coins are tossed from the
 * end of the block and the first success decides, which is equivalent to tossing them all.
 * @source Sun et al. 2024, arXiv 2403.10444, algorithm 2
 */
export const block: Rule<'block'> = {
  name: 'block',
  guarantee: 'lossless; accepts as many tokens as one drafted chain allows',
  lossless: 'law',
  source: 'Sun et al. 2024, arXiv 2403.10444',
  takes: { siblings: 'none' },
  readsDraftLaws: true,
  decide<T>(round: Round<T>, arithmetic: Arithmetic<T>, chance: Chance<T>): Verdict {
    const { draft, target, position } = round;
    const carried = carriedMass(round, arithmetic);
    const length = draft.tokens.length;
    let rest = target(length - 1);
    for (let i = length; ; i--) {
      const r = carried[i]!;
      let keep: T = r;
      let all: T = arithmetic.one;
      if (i < length) {
        const q = lawInFull(arithmetic, draft.laws[i]!, draft.tokens[i]!, rest.length);
        const p = target(i - 1);
        const excess = scaledResidual(arithmetic, r, p, q);
        keep = sum(arithmetic, excess);
        all = arithmetic.add(keep, arithmetic.subtract(arithmetic.one, r));
        rest = withMass(arithmetic, excess, p);
      }
      if (arithmetic.compare(all, arithmetic.zero) === 0) [keep, all] = [arithmetic.one, arithmetic.one]; // 0/0 = 1
      // At i = 0 r is 1, so h is 1: no coin.
      if (i > 0 && !chance.accept({ purpose: 'accept', position: position + i - 1 }, keep, all)) continue;
      const purpose = i < length ? 'residual' : 'target';
      const token = chance.draw({ purpose, position: position + i }, rest);
      return { accepted: Array.from({ length: i }, (_, node) => node), token };
    }
  },
};
