/** Random problems for acceptance rules, and a violation of one as a small table. */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import type { Drawn } from '../../src/draft/draft.ts';
import type { PrefixIdentity } from '../../src/law/certificate.ts';
import type { ExactLaw, ExactLaws, Problem } from '../../src/law/problem.ts';
import type { Rule } from '../../src/verify/rule.ts';

/** Most drafts that a random tree may have: each is a branch, and those within it follow. */
const MOST_DRAFTS = 250;

/** Weights of a law: anything, ties, zeros, point masses. */
const weights = (vocabulary: number): fc.Arbitrary<number[]> => {
  const list = (entry: fc.Arbitrary<number>) => fc.array(entry, { minLength: vocabulary, maxLength: vocabulary });
  const some = (law: number[]): boolean => law.some((weight) => weight > 0);
  const point = fc.nat(vocabulary - 1).map((at) => Array.from({ length: vocabulary }, (_, i) => (i === at ? 1 : 0)));
  return fc.oneof(
    { weight: 4, arbitrary: list(fc.nat(6)).filter(some) },
    { weight: 2, arbitrary: list(fc.integer({ min: 1, max: 9 })) },
    { weight: 1, arbitrary: list(fc.nat(1)).filter(some) },
    { weight: 1, arbitrary: point },
  );
};

/** A law for every prefix from a list of weights: neighbours in the tree of prefixes get different ones. */
export function lawsFromWeights(all: readonly (readonly number[])[]): ExactLaws {
  const laws = all.map((own): ExactLaw => {
    const total = own.reduce((a, b) => a + b, 0);
    return own.map((weight) => new Fraction(weight, total));
  });
  const vocabulary = all[0]!.length;
  return (prefix) => laws[prefix.reduce((at, token) => at * (vocabulary + 1) + token + 1, 0) % laws.length]!;
}

/** The draft's weights at every other row: those of the target, or all on what the target never says. */
function related(relation: string, p: readonly number[], q: readonly number[], row: number): readonly number[] {
  if (relation === 'free' || row % 2 === 1) return q;
  if (relation === 'equal at times') return p;
  const apart = p.map((weight, token) => (weight > 0 ? 0 : q[token]! + 1));
  return apart.some((weight) => weight > 0) ? apart : q;
}

function depthsOf(parents: readonly number[]): number[] {
  const depths: number[] = [];
  for (const parent of parents) depths.push(parent < 0 ? 1 : depths[parent]! + 1);
  return depths;
}

/** Problems that a rule takes: vocabularies up to 5, chains up to 4, trees up to depth 3. */
export function problemsFor(rule: Rule, trees: boolean): fc.Arbitrary<Problem> {
  const { siblings } = rule.takes;
  const kinds: readonly Drawn[] = ['independent', 'without-replacement', 'top'];
  const drawn =
    trees && siblings !== 'any' && siblings !== 'none' ? siblings : trees ? kinds : (['independent', 'top'] as const);
  const chains = fc.nat(4).map((length) => Array.from({ length }, (_, node) => node - 1));
  const anyTree = fc
    .array(fc.nat(99), { minLength: 2, maxLength: 6 })
    .map((seeds) => seeds.map((seed, node) => (seed % (node + 1)) - 1))
    .filter((parents) => Math.max(...depthsOf(parents)) <= 3);
  return fc
    .record({
      vocabulary: fc.integer({ min: 2, max: 5 }),
      parents: trees ? anyTree : chains,
      drawn: fc.constantFrom(...drawn),
    })
    .filter(
      ({ vocabulary, parents, drawn: how }) =>
        how === 'top' || vocabulary ** parents.length <= (trees ? MOST_DRAFTS : 625),
    )
    .chain(({ vocabulary, parents, drawn: how }) => {
      const laws = fc.array(weights(vocabulary), { minLength: 1, maxLength: 7 });
      const relation = fc.constantFrom('free', 'equal at times', 'disjoint at times');
      return fc.record({ target: laws, draft: laws, relation }).map(({ target, draft, relation }): Problem => {
        const own = draft.map((q, row) => related(relation, target[row % target.length]!, q, row));
        return { vocabulary, parents, drawn: how, target: lawsFromWeights(target), draft: lawsFromWeights(own) };
      });
    });
}

/** The laws down to a violated prefix and the two sides of its identity, for people. */
export function violationTable(problem: Problem, { prefix, token, left, right }: PrefixIdentity): string {
  const row = (name: string, law: ExactLaw): string =>
    `${name.padEnd(14)} ${law.map((p) => p.toFraction().padStart(7)).join(' ')}`;
  const laws = [...prefix.keys(), prefix.length].flatMap((length) => {
    const at = prefix.slice(0, length);
    return [row(`p after [${at}]`, problem.target(at)), row(`q after [${at}]`, problem.draft(at))];
  });
  const sides = `token ${token} after [${prefix}]: ${left.toFraction()}, not ${right.toFraction()}`;
  return [`draft: parents [${problem.parents}], ${problem.drawn}`, ...laws, sides].join('\n');
}

/** `min(p, q)` summed along all prefixes of a chain: the expected number of tokens that the token rule accepts. */
export function tokenRuleAcceptance({ target, draft, parents }: Problem): Fraction {
  const walk = (prefix: number[], mass: Fraction): Fraction => {
    if (prefix.length === parents.length) return new Fraction(0);
    const [p, q] = [target(prefix), draft(prefix)];
    return p.reduce((total, own, token) => {
      const kept = mass.mul(own.compare(q[token]!) < 0 ? own : q[token]!);
      return kept.equals(0) ? total : total.add(kept).add(walk([...prefix, token], kept));
    }, new Fraction(0));
  };
  return walk([], new Fraction(1));
}

/** `q(x^i) r_i(x^i)` summed over all prefixes of a chain: the expected number of tokens that the block rule accepts. */
export function blockRuleAcceptance({ target, draft, parents }: Problem): Fraction {
  const one = new Fraction(1);
  const walk = (prefix: number[], drawn: Fraction, carried: Fraction): Fraction => {
    if (prefix.length === parents.length) return new Fraction(0);
    const [p, q] = [target(prefix), draft(prefix)];
    return q.reduce((total, own, token) => {
      if (own.equals(0)) return total;
      const ratio = carried.mul(p[token]!).div(own);
      const next = ratio.compare(one) > 0 ? one : ratio;
      const mass = drawn.mul(own);
      return total.add(mass.mul(next)).add(walk([...prefix, token], mass, next));
    }, new Fraction(0));
  };
  return walk([], one, one);
}
