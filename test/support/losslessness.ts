/**
 * The losslessness check: is what an acceptance rule emits distributed as the target says? Exact, over all branches.
 *
 * With N the number of tokens emitted in a round, a rule is lossless for sequences iff for every prefix
 * `P(N >= n+1, x1..x(n+1)) = p(x(n+1) | x1..xn) * P(N >= n+1, x1..xn)`.
 */
import Fraction from 'fraction.js';
import type { Chance } from '../../src/chance/chance.ts';
import type { Branch } from '../../src/chance/enumerate.ts';
import type { Draft } from '../../src/draft/draft.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import type { Rule } from '../../src/verify/rule.ts';

export type Law = Fraction[];
/** The law of the token after each prefix. */
export type Laws = (prefix: readonly number[]) => Law;

/** A law per prefix, from integer weights; zeros and point masses included. */
export function lawsFrom(weights: readonly (readonly number[])[]): Laws {
  return (prefix) => {
    const vocabulary = weights[0]!.length;
    const index = prefix.reduce((at, token) => at * (vocabulary + 1) + token + 1, 0) % weights.length;
    const total = weights[index]!.reduce((a, b) => a + b, 0);
    return weights[index]!.map((weight) => new Fraction(weight, total));
  };
}

/** The tokens that one round of a rule emits. */
export function emittedBy(rule: Rule, draft: Draft<Fraction>, p: Laws, chance: Chance<Fraction>): number[] {
  const pathTo = (node: number): number[] => (node < 0 ? [] : [...pathTo(draft.parents[node]!), draft.tokens[node]!]);
  const verdict = rule.decide({ draft, target: (node) => p(pathTo(node)), position: 0 }, rational, chance);
  return [...verdict.accepted.map((node) => draft.tokens[node]!), verdict.token];
}

/** Names the first prefix whose law is not the target's, or null when the emitted texts are lossless. */
export function violation(outcomes: Iterable<Branch<Fraction, number[]>>, p: Laws): string | null {
  const reached = new Map<string, Fraction>(); // P(N >= n, x1..xn)
  const continued = new Map<string, Fraction>(); // P(N >= n+1, x1..xn)
  const add = (map: Map<string, Fraction>, key: string, mass: Fraction) =>
    map.set(key, (map.get(key) ?? new Fraction(0)).add(mass));
  for (const { probability, outcome } of outcomes) {
    outcome.forEach((_, n) => {
      add(continued, outcome.slice(0, n).join(' '), probability);
      add(reached, outcome.slice(0, n + 1).join(' '), probability);
    });
  }
  for (const [key, mass] of continued) {
    const prefix = key === '' ? [] : key.split(' ').map(Number);
    for (const [token, probability] of p(prefix).entries()) {
      const right = probability.mul(mass);
      const left = reached.get([...prefix, token].join(' ')) ?? new Fraction(0);
      if (!left.equals(right)) {
        return `after [${prefix}] token ${token}: ${left.toFraction()}, not ${right.toFraction()}`;
      }
    }
  }
  return null;
}

/** The law of the first emitted token. */
export function firstTokenLaw(outcomes: Iterable<Branch<Fraction, number[]>>, vocabulary: number): Law {
  const law = Array.from({ length: vocabulary }, () => new Fraction(0));
  for (const { probability, outcome } of outcomes) law[outcome[0]!] = law[outcome[0]!]!.add(probability);
  return law;
}
