/**
 * Exact laws of a round, by enumeration of every branch. Branches are streamed: only the laws are kept in memory, never
 * the branches.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { enumerate } from '../chance/enumerate.ts';
import { type Arithmetic, rational } from '../numerics/arithmetic.ts';
import { keyOf, tokensOf } from './prefix.ts';
import type { ExactLaws } from './problem.ts';
import { type Outcome, roundProgram } from './round-program.ts';
import type { Scheme } from './scheme.ts';

/** The laws of a round's emitted tokens and of the number of accepted ones. */
export interface RoundLaw<T> {
  /** Probability of each emitted block, keyed by its tokens with spaces between them. */
  readonly blocks: ReadonlyMap<string, T>;
  /** `accepted[n]`: probability that n drafted tokens are accepted. */
  readonly accepted: readonly T[];
  /** Number of branches of positive probability. */
  readonly branches: number;
}

/**
 * The laws of a round of a scheme, over all its branches.
 * @example
 * import assert from 'node:assert/strict';
 * import { EXACT, schemeFor, problemFrom, roundLaw } from 'turbo-lora/law';
 * import { rational } from 'turbo-lora/numerics';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const { accepted } = roundLaw(schemeFor(problem, rejection, EXACT), rational);
 * assert.deepEqual(accepted.map(String), ['0.2', '0.8']); // 1 - sum min(p, q), sum min(p, q)
 */
export function roundLaw<T>(scheme: Scheme<T>, arithmetic: Arithmetic<T>, onBranch?: () => void): RoundLaw<T> {
  const blocks = new Map<string, T>();
  const accepted: T[] = [];
  let branches = 0;
  for (const { probability, outcome } of enumerate(arithmetic, roundProgram(scheme, arithmetic))) {
    const key = keyOf(outcome.emitted);
    blocks.set(key, arithmetic.add(blocks.get(key) ?? arithmetic.zero, probability));
    while (accepted.length <= outcome.accepted) accepted.push(arithmetic.zero);
    accepted[outcome.accepted] = arithmetic.add(accepted[outcome.accepted]!, probability);
    branches += 1;
    onBranch?.();
  }
  return { blocks, accepted, branches };
}

/** An outcome and its probability. */
export interface OutcomeProbability<T> {
  readonly outcome: Outcome;
  readonly probability: T;
}

/** An outcome as a key: two outcomes have equal keys exactly if they are equal. */
export function outcomeKey({ drafted, parents, accepted, emitted }: Outcome): string {
  return `${keyOf(drafted)}|${keyOf(parents)}|${accepted}|${keyOf(emitted)}`;
}

/** The joint law of what is drafted, accepted and emitted, by {@link outcomeKey}. */
export function outcomeLaw<T>(
  scheme: Scheme<T>,
  arithmetic: Arithmetic<T>,
  onBranch?: () => void,
): Map<string, OutcomeProbability<T>> {
  const law = new Map<string, OutcomeProbability<T>>();
  for (const { probability, outcome } of enumerate(arithmetic, roundProgram(scheme, arithmetic))) {
    const key = outcomeKey(outcome);
    const before = law.get(key)?.probability ?? arithmetic.zero;
    law.set(key, { outcome, probability: arithmetic.add(before, probability) });
    onBranch?.();
  }
  return law;
}

/** The law of the first emitted token. @shape [V] */
export function firstTokenLaw({ blocks }: RoundLaw<Fraction>, vocabulary: number): Fraction[] {
  const law = Array.from({ length: vocabulary }, () => rational.zero);
  for (const [key, probability] of blocks) law[tokensOf(key)[0]!] = law[tokensOf(key)[0]!]!.add(probability);
  return law;
}

/** Expected number of accepted tokens: `sum_n n P(n accepted)`. */
export function expectedAccepted({ accepted }: RoundLaw<Fraction>): Fraction {
  return accepted.reduce((total, probability, n) => total.add(probability.mul(n)), rational.zero);
}

/** Total variation of two laws: `1/2 sum_x |a(x) - b(x)|` (SPEC-VARIATION-TOKEN). @shape a, b: [V] */
export function totalVariation(a: readonly Fraction[], b: readonly Fraction[]): Fraction {
  return a.reduce((total, value, i) => total.add(value.sub(b[i]!).abs()), rational.zero).div(2);
}

/**
 * Probabilities along the prefixes of a round: `reached(x1..xn) = P(N >= n, x1..xn)` and `continued(x1..xn) =
 * P(N >= n+1, x1..xn)`, where N is the number of emitted tokens.
 */
export interface PrefixLaw {
  readonly reached: ReadonlyMap<string, Fraction>;
  readonly continued: ReadonlyMap<string, Fraction>;
}

/** Sums a round's blocks over all their prefixes. */
export function prefixLaw({ blocks }: RoundLaw<Fraction>): PrefixLaw {
  const reached = new Map<string, Fraction>();
  const continued = new Map<string, Fraction>();
  const add = (law: Map<string, Fraction>, key: string, mass: Fraction): void => {
    law.set(key, (law.get(key) ?? rational.zero).add(mass));
  };
  for (const [key, probability] of blocks) {
    const tokens = tokensOf(key);
    for (let n = 0; n <= tokens.length; n++) {
      add(reached, keyOf(tokens.slice(0, n)), probability);
      if (n < tokens.length) add(continued, keyOf(tokens.slice(0, n)), probability);
    }
  }
  return { reached, continued };
}

/**
 * Total variation of whole texts (SPEC-VARIATION-TEXT): each emitted block is continued by plain draws from the target
 * to the greatest length that a round can reach, and the law of these texts is compared with that of plain decoding.
 *
 * `1/2 sum_x |sum_n P(N = n, x1..xn) prod_(j>n) p(xj | x1..x(j-1)) - prod_j p(xj | x1..x(j-1))|`. After a prefix that
 * no round continues, both sides continue identically, so the sum stops there.
 */
export function textVariation(law: RoundLaw<Fraction>, target: ExactLaws): Fraction {
  const { continued } = prefixLaw(law);
  let total = rational.zero;
  const open = [{ prefix: [] as readonly number[], ended: rational.zero, plain: rational.one }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { prefix, ended, plain } = at;
    const here = ended.add(law.blocks.get(keyOf(prefix)) ?? rational.zero);
    if (!continued.has(keyOf(prefix))) {
      total = total.add(here.sub(plain).abs());
      continue;
    }
    for (const [token, p] of target(prefix).entries()) {
      open.push({ prefix: [...prefix, token], ended: here.mul(p), plain: plain.mul(p) });
    }
  }
  return total.div(2);
}
