/** The numbers of block verification on the problem with two tokens: by its formulas, and counted. */
import type Fraction from 'fraction.js';
import type { Rule } from 'turbo-lora';
import { chain } from 'turbo-lora/draft';
import { EXACT, outcomeLaw, schemeFor } from 'turbo-lora/law';
import { rational, sum } from 'turbo-lora/numerics';
import { carriedMass } from 'turbo-lora/verify';
import { prefixesOf, twoTokens } from './problems.ts';

const LENGTH = twoTokens.parents.length;

/** Every block that can be drafted. */
export const blocks = prefixesOf(LENGTH, twoTokens.vocabulary);

/** `q(x1..xn)` */
export function drafted(prefix: readonly number[]): Fraction {
  return prefix.reduce((mass, token, i) => mass.mul(twoTokens.draft(prefix.slice(0, i))[token]!), rational.one);
}

/** `r_0 .. r_K` of a drafted block, from the production code. */
export function carried(tokens: readonly number[]): Fraction[] {
  const laws = tokens.map((_, i) => twoTokens.draft(tokens.slice(0, i)));
  const target = (node: number) => twoTokens.target(tokens.slice(0, node + 1));
  return carriedMass({ draft: chain(tokens, laws), target, position: 0 }, rational);
}

/** `M_i = sum_x max(r_i p - q, 0)` */
export function missing(prefix: readonly number[], r: Fraction): Fraction {
  const q = twoTokens.draft(prefix);
  const excess = twoTokens.target(prefix).map((p, x) => r.mul(p).sub(q[x]!));
  return sum(
    rational,
    excess.filter((value) => value.compare(0) > 0),
  );
}

/** `h_1 .. h_K` */
export function heads(tokens: readonly number[]): Fraction[] {
  return carried(tokens)
    .slice(1)
    .map((r, i) => {
      if (i + 1 === LENGTH) return r;
      const m = missing(tokens.slice(0, i + 1), r);
      const whole = m.add(1).sub(r);
      return whole.equals(0) ? rational.one : m.div(whole);
    });
}

/** The law of the accepted length for each drafted block, by enumeration. */
export function lengthLaws(rule: Rule): Map<string, Fraction[]> {
  const laws = new Map(
    blocks.map((tokens) => [tokens.join(' '), Array.from({ length: LENGTH + 1 }, () => rational.zero)]),
  );
  for (const { outcome, probability } of outcomeLaw(schemeFor(twoTokens, rule, EXACT), rational).values()) {
    const law = laws.get(outcome.drafted.join(' '))!;
    law[outcome.accepted] = law[outcome.accepted]!.add(probability.div(drafted(outcome.drafted)));
  }
  return laws;
}

/** A sum over all prefixes of the possible drafts. */
export function closedSum(term: (prefix: readonly number[], r: Fraction) => Fraction): Fraction {
  const prefixes = [1, 2].flatMap((n) => prefixesOf(n, twoTokens.vocabulary));
  return sum(
    rational,
    prefixes.map((prefix) => term(prefix, carried(prefix).at(-1)!)),
  );
}

/** What the token rule keeps of a prefix: the product of `min(p, q)`. */
export function tokenShare(prefix: readonly number[]): Fraction {
  return prefix.reduce((mass, token, i) => {
    const before = prefix.slice(0, i);
    const [p, q] = [twoTokens.target(before)[token]!, twoTokens.draft(before)[token]!];
    return mass.mul(p.compare(q) < 0 ? p : q);
  }, rational.one);
}
