import { childrenOf } from '../draft/draft.ts';
import type { Arithmetic } from '../numerics/arithmetic.ts';
import { exp, ln } from '../numerics/elementary.ts';
import type { Round, Rule } from './rule.ts';

/** Settings of typical acceptance. */
export interface TypicalSettings {
  /** The threshold where the target is confident. */
  readonly epsilon: number;
  /** How far the threshold falls with the target's entropy. */
  readonly delta: number;
}

/** `H(p) = -sum p ln p`, in nats. @shape p: [V] */
function entropy(p: readonly number[]): number {
  let total = 0;
  for (const mass of p) if (mass > 0) total -= mass * ln(mass);
  return total;
}

/**
 * Medusa's typical acceptance: a drafted x is typical iff `p(x) > min(epsilon, delta exp(-H(p)))`. The longest branch
 * of typical tokens is accepted (the first one on ties), and the token after it is drawn from p.
 *
 * Lossy by design: among typical tokens the drafter alone decides. At temperature 0 it is greedy verification. The
 * threshold is computed in float64 even for exact laws, because an entropy is not rational. The settings are those of
 * Medusa's `medusa_generate`, where delta is about sqrt(epsilon) as in section 3.3.2 of the paper; its own helper
 * functions have the two defaults swapped.
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.3.1; Medusa `medusa/model/utils.py` (`evaluate_posterior`)
 */
export function typicalWith({ epsilon, delta }: TypicalSettings): Rule<'typical'> {
  return {
    name: 'typical',
    guarantee: 'lossy; accepts drafts that are typical under the target, however they were made',
    lossless: 'no',
    source: 'Cai et al. 2024, arXiv 2401.10774',
    takes: { siblings: 'any' },
    decide(round, arithmetic, chance) {
      const accepted = longestTypical(round, arithmetic, { epsilon, delta }, []);
      const slot = { purpose: 'target', position: round.position + accepted.length } as const;
      return { accepted, token: chance.draw(slot, round.target(accepted.at(-1) ?? -1)) };
    },
  };
}

/** Typical acceptance with the settings of Medusa's `generate`. */
export const typical: Rule<'typical'> = typicalWith({ epsilon: 0.09, delta: 0.3 });

/** The longest branch of typical tokens that continues `path`, the first one on ties. */
function longestTypical<T>(
  round: Round<T>,
  arithmetic: Arithmetic<T>,
  settings: TypicalSettings,
  path: readonly number[],
): readonly number[] {
  const node = path.at(-1) ?? -1;
  const children = childrenOf(round.draft, node);
  if (children.length === 0) return path;
  const p = Array.from(round.target(node), (mass) => arithmetic.toNumber(mass));
  const threshold = Math.min(settings.epsilon, settings.delta * exp(-entropy(p)));
  let longest = path;
  for (const child of children) {
    if (!(p[round.draft.tokens[child]!]! > threshold)) continue;
    const branch = longestTypical(round, arithmetic, settings, [...path, child]);
    if (branch.length > longest.length) longest = branch;
  }
  return longest;
}
