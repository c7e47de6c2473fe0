import type { Chance } from '../chance/chance.ts';
import { lawInFull } from '../draft/draft-law.ts';
import { OptionError } from '../errors.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import { scaledResidual, withMass } from './residual.ts';
import type { Round, Rule, Verdict } from './rule.ts';

/**
 * Lenient rejection sampling: `l q` replaces q, with `l = 1 / divisor` below one. Accept x with probability min(1, p(x)
 * / (l q(x))); after a rejection draw from `max(p - l q, 0)`. Lossy: the law of a token is
 * `min(q, p / l) + (1 - sum_y min(q, p / l)) * max(p - l q, 0) / sum_y max(p - l q, 0)`; with l = 1 it would be
 * rejection.
 *
 * The paper defines the acceptance; the residual is what its algorithm 1 gives with l q instead of q. Its mass is at
 * least 1 - l, with none on a rejected token. The code of lucidrains keeps q there and draws from `max(p - q, 0)`; with
 * a `plain` residual the rule does so too, and has another law.
 * @param residual `lenient` is `max(p - l q, 0)`, `plain` is `max(p - q, 0)`.
 * @throws {@link OptionError} when the divisor is not an integer of at least 1, or there is no such residual.
 * @source Leviathan et al. 2022, arXiv 2211.17192, appendix A.5; lucidrains/speculative-decoding
 * `speculative_decoding/speculative_decoding.py` (`lenience`, `adjusted_prob`)
 */
export function lenienceBy(divisor: number, residual: 'lenient' | 'plain' = 'lenient'): Rule<'lenience'> {
  if (!Number.isInteger(divisor) || divisor < 1) {
    throw new OptionError('lenience divisor', 'an integer of at least 1', `${divisor}`);
  }
  if (!['lenient', 'plain'].includes(residual))
    throw new OptionError('lenience residual', 'lenient or plain', residual);
  const isPlain = residual === 'plain';
  return {
    name: 'lenience',
    guarantee: `lossy; accepts as if the drafted token had been 1/${divisor} as likely`,
    lossless: 'no',
    source: 'Leviathan et al. 2022, arXiv 2211.17192, appendix A.5',
    takes: { siblings: 'none' },
    readsDraftLaws: true,
    decide: (round, arithmetic, chance) => decide(round, arithmetic, chance, divisor, isPlain),
  };
}

/** Lenience at l = 1/2. */
export const lenience: Rule<'lenience'> = lenienceBy(2);

function decide<T>(
  { draft, target, position }: Round<T>,
  arithmetic: Arithmetic<T>,
  chance: Chance<T>,
  divisor: number,
  isPlain: boolean,
): Verdict {
  let times = arithmetic.one;
  for (let i = 1; i < divisor; i++) times = arithmetic.add(times, arithmetic.one);
  const accepted: number[] = [];
  for (const [node, token] of draft.tokens.entries()) {
    const p = target(node - 1);
    const q = lawInFull(arithmetic, draft.laws[node]!, token, p.length);
    const slot = { purpose: 'accept', position: position + node } as const;
    if (!chance.accept(slot, arithmetic.multiply(times, p[token]!), q[token]!)) {
      // p times the divisor minus q is the residual times the divisor.
      const rest = withMass(arithmetic, scaledResidual(arithmetic, isPlain ? arithmetic.one : times, p, q), p);
      return { accepted, token: chance.draw({ purpose: 'residual', position: position + node }, rest) };
    }
    accepted.push(node);
  }
  const bonus = position + accepted.length;
  return { accepted, token: chance.draw({ purpose: 'target', position: bonus }, target(accepted.length - 1)) };
}
