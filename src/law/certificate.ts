/**
 * The losslessness certificate (SPEC-LOSSLESS in spec/rules.md).
 *
 * With N the number of tokens emitted in a round, a scheme is lossless for sequences if and only if, for every prefix,
 * `P(N >= n+1, x1..x(n+1)) = p(x(n+1) | x1..xn) P(N >= n+1, x1..xn)`.
 *
 * Proof: completing each block by plain draws gives the text's law as a sum over N; the identity for length n+1 is the
 * difference of the completed law at lengths n+1 and n, so the completed law is the target's at every length if and
 * only if each identity holds.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { rational } from '../numerics/arithmetic.ts';
import { type PrefixLaw, prefixLaw, type RoundLaw } from './enumeration.ts';
import { keyOf, tokensOf } from './prefix.ts';
import type { ExactLaws } from './problem.ts';

/** One identity of the theorem: both sides, for a prefix and the token after it. */
export interface PrefixIdentity {
  readonly prefix: readonly number[];
  readonly token: number;
  /** `P(N >= n+1, x1..x(n+1))`. */
  readonly left: Fraction;
  /** `p(x(n+1) | x1..xn) P(N >= n+1, x1..xn)`. */
  readonly right: Fraction;
}

/** A proof, or a refutation. */
export type Certificate =
  | { readonly holds: true; readonly identities: readonly PrefixIdentity[] }
  | { readonly holds: false; readonly violated: PrefixIdentity };

/**
 * Checks every prefix identity of a round's law, shortest prefixes first, and returns them all or the first that is
 * violated.
 * @example
 * import assert from 'node:assert/strict';
 * import { certify, EXACT, schemeFor, problemFrom, roundLaw } from 'turbo-lora/law';
 * import { rational } from 'turbo-lora/numerics';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const certificate = certify(roundLaw(schemeFor(problem, rejection, EXACT), rational), problem.target);
 * assert.ok(certificate.holds);
 */
export function certify(law: RoundLaw<Fraction>, target: ExactLaws): Certificate {
  const identities: PrefixIdentity[] = [];
  for (const identity of identitiesOf(prefixLaw(law), target)) {
    if (!identity.left.equals(identity.right)) return { holds: false, violated: identity };
    identities.push(identity);
  }
  return { holds: true, identities };
}

/** Every identity, shortest prefixes first, tokens ascending. */
export function* identitiesOf({ reached, continued }: PrefixLaw, target: ExactLaws): Generator<PrefixIdentity> {
  const prefixes = [...continued.keys()].map(tokensOf).sort(byLength);
  for (const prefix of prefixes) {
    const mass = continued.get(keyOf(prefix))!;
    for (const [token, probability] of target(prefix).entries()) {
      const left = reached.get(keyOf([...prefix, token])) ?? rational.zero;
      yield { prefix, token, left, right: probability.mul(mass) };
    }
  }
}

function byLength(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const differs = a.findIndex((token, i) => token !== b[i]);
  return differs < 0 ? 0 : a[differs]! - b[differs]!;
}
