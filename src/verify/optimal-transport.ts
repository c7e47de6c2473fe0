import { lawInFull } from '../draft/draft-law.ts';
import { LawError, UnsupportedError } from '../errors.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';
import { descend } from './descend.ts';
import { excess, withMass } from './residual.ts';
import type { Rule } from './rule.ts';
import { type Flow, largestFlow } from './transport-flow.ts';

/** Most token sets a plan may cover. */
const MOST_SETS = 4096;

/**
 * The number of token sets that n draws from a support of this size can yield: `sum_(size = 1..n) C(support, size)`.
 */
function countSets(support: number, n: number): number {
  let [total, ofSize] = [0, 1];
  for (let size = 1; size <= Math.min(n, support); size++) {
    ofSize = (ofSize * (support - size + 1)) / size;
    total += ofSize;
  }
  return total;
}

/**
 * Asserts that optimal transport can plan for n siblings from laws over this many tokens.
 * @throws {@link UnsupportedError} when these can form more than 4096 different sets.
 */
export function checkTransportSize(support: number, n: number): void {
  if (countSets(support, n) <= MOST_SETS) return;
  throw new UnsupportedError(
    'rule optimal-transport',
    `siblings that form at most ${MOST_SETS} different sets (top-k reduces their number)`,
    `${n} siblings of ${support} possible tokens`,
  );
}

/** A set of drafted tokens, ascending, and the probability that n independent draws yield exactly these. */
export interface DraftedSet<T> {
  readonly tokens: readonly number[];
  readonly probability: T;
}

/**
 * The alternating sum of `q(H)^n` over the subsets H of a set: the probability that all n draws fall into it and each
 * token is drawn.
 */
function exactlyThese<T>(arithmetic: Arithmetic<T>, q: readonly T[], tokens: readonly number[], n: number): T {
  let total = arithmetic.zero;
  for (let mask = 1; mask < 2 ** tokens.length; mask++) {
    const subset = tokens.filter((_, i) => mask & (1 << i));
    let power = arithmetic.one;
    const mass = sum(
      arithmetic,
      subset.map((token) => q[token]!),
    );
    for (let i = 0; i < n; i++) power = arithmetic.multiply(power, mass);
    const missing = tokens.length - subset.length;
    total = missing % 2 === 0 ? arithmetic.add(total, power) : arithmetic.subtract(total, power);
  }
  // Rounding may make a tiny probability negative.
  return arithmetic.compare(total, arithmetic.zero) > 0 ? total : arithmetic.zero;
}

/**
 * The sets of tokens that n independent draws from q can yield.
 * @shape q: [V]
 * @throws {@link UnsupportedError} when there are more than 4096.
 */
export function draftedSets<T>(arithmetic: Arithmetic<T>, q: readonly T[], n: number): DraftedSet<T>[] {
  const support = q.flatMap((mass, token) => (arithmetic.compare(mass, arithmetic.zero) > 0 ? [token] : []));
  checkTransportSize(support.length, n);
  let sets: number[][] = [[]];
  const all: number[][] = [];
  for (let size = 1; size <= Math.min(n, support.length); size++) {
    sets = sets.flatMap((set) => support.filter((token) => token > (set.at(-1) ?? -1)).map((token) => [...set, token]));
    all.push(...sets);
  }
  return all.map((tokens) => ({ tokens, probability: exactlyThese(arithmetic, q, tokens, n) }));
}

/**
 * The best plan: how much of the probability of each drafted set becomes each of its tokens, with the largest possible
 * total. It is a maximum flow from sets of probability Q(S) to tokens of probability p(x), along x in S.
 */
function bestPlan<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, sets: readonly DraftedSet<T>[]): Flow<T> {
  const supplies = sets.map(({ probability }) => probability);
  const targets = sets.map(({ tokens }) => tokens);
  return largestFlow(arithmetic, supplies, Array.from(p), targets);
}

/**
 * The largest probability with which any lossless rule can emit one of n independent drafts:
 * `alpha* = min_H [p(H) + 1 - q(H)^n]` over all sets of tokens H.
 * @shape p, q: [V]
 * @throws {@link UnsupportedError} for a vocabulary of more than 20 tokens (2^V sets).
 * @source Sun et al. 2023, arXiv 2310.15141 (SpecTr); by duality of flows and cuts
 * @example
 * import assert from 'node:assert/strict';
 * import { float64 } from 'turbo-lora/numerics';
 * import { optimalAcceptance } from 'turbo-lora/verify';
 * assert.equal(optimalAcceptance(float64, [0.5, 0.5], [0.25, 0.75], 1), 0.75); // sum min(p, q)
 */
export function optimalAcceptance<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, q: ArrayLike<T>, n: number): T {
  const { one, add, subtract, multiply, compare } = arithmetic;
  if (p.length > 20) throw new UnsupportedError('optimal acceptance', 'at most 20 tokens', `${p.length}`);
  let least = one;
  for (let mask = 1; mask < 2 ** p.length; mask++) {
    const inside = (law: ArrayLike<T>): T =>
      sum(
        arithmetic,
        Array.from(law).filter((_, token) => mask & (1 << token)),
      );
    const mass = inside(q);
    let power = one;
    for (let i = 0; i < n; i++) power = multiply(power, mass);
    const bound = subtract(add(inside(p), one), power);
    if (compare(bound, least) < 0) least = bound;
  }
  return least;
}

/**
 * Optimal transport for one step: the joint law of n independent siblings and the emitted token that maximises the
 * probability that the token is one of the siblings, which is `min_H [p(H) + 1 - q(H)^n]`; given the siblings, the
 * token is drawn.
 *
 * Only the set of drafted tokens matters, so the linear programme is a transport between sets and tokens, solved as a
 * maximum flow. Mass that a set cannot pass to its own tokens is emitted from the part of p that no set fills. On a
 * tree it decides level by level: lossless, and optimal for each step, not overall.
 * @throws {@link UnsupportedError} from `decide`, when siblings can form more than 4096 different sets;
 * {@link LawError} when a sibling has probability zero under its law.
 * @source Sun et al. 2023, arXiv 2310.15141 (SpecTr)
 */
export const optimalTransport: Rule<'optimal-transport'> = {
  name: 'optimal-transport',
  guarantee: 'lossless; the best one-step acceptance of any rule for independent siblings; small vocabularies only',
  lossless: 'law',
  source: 'Sun et al. 2023, arXiv 2310.15141',
  takes: { siblings: ['independent'] },
  readsDraftLaws: true,
  checkUse({ temperature, possibleTokens, siblings }) {
    if (temperature > 0) checkTransportSize(possibleTokens, siblings);
  },
  decide: (round, arithmetic, chance) =>
    descend(round, arithmetic, chance, ({ draft, children, law, position }) => {
      const first = children[0]!;
      const q = lawInFull(arithmetic, draft.laws[first]!, draft.tokens[first]!, law.length);
      const sets = draftedSets(arithmetic, q, children.length);
      const plan = bestPlan(arithmetic, law, sets);
      const tokens = [...new Set(children.map((child) => draft.tokens[child]!))].sort((a, b) => a - b);
      const index = sets.findIndex((set) => `${set.tokens}` === `${tokens}`);
      if (index < 0) throw new LawError('drafted siblings', 'tokens that their law can yield', `${tokens}`);
      const kept = sum(arithmetic, plan.sent[index]!);
      if (chance.accept({ purpose: 'accept', position }, kept, sets[index]!.probability)) {
        const place = chance.draw({ purpose: 'accept', position }, plan.sent[index]!);
        return { child: children.find((child) => draft.tokens[child] === tokens[place])! };
      }
      const rest = Array.from(law, (mass, x) => excess(arithmetic, mass, plan.received[x]!));
      return { token: chance.draw({ purpose: 'residual', position }, withMass(arithmetic, rest, law)) };
    }),
};
