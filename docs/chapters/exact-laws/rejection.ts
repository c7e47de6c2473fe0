/** Rejection sampling, derived and then enumerated: every column of its table from the rule that decodes. */
import type Fraction from 'fraction.js';
import { EXACT, firstTokenLaw, outcomeLaw, roundLaw, schemeFor } from 'turbo-lora/law';
import { rational, sum } from 'turbo-lora/numerics';
import { rejection, residual } from 'turbo-lora/verify';
import { claim } from '../../embedded/evidence.ts';
import { acceptanceTree } from '../../pictures/acceptance-tree.ts';
import { keptAndOwedPicture } from '../../pictures/kept-and-owed.ts';
import { exact, exactLaw } from '../../writing/fractions.ts';
import { fenced, section, table } from '../../writing/markdown.ts';
import { branchesOf } from './branches.ts';
import { oneToken } from './problems.ts';

/** What the enumerated rule does with one drafted token. */
interface Enumerated {
  readonly p: readonly Fraction[];
  readonly q: readonly Fraction[];
  /** P(x drafted and accepted) */
  readonly kept: readonly Fraction[];
  /** P(a rejection, and then x) */
  readonly owed: readonly Fraction[];
  readonly emitted: readonly Fraction[];
  readonly alpha: Fraction;
}

export function rejectionSections(): string[] {
  const seen = enumerated();
  return [derivation(seen), enumeration(seen)];
}

function enumerated(): Enumerated {
  const engine = schemeFor(oneToken, rejection, EXACT);
  const [p, q] = [oneToken.target([]), oneToken.draft([])];
  const kept = p.map(() => rational.zero);
  const owed = p.map(() => rational.zero);
  for (const { outcome, probability } of outcomeLaw(engine, rational).values()) {
    const [first] = outcome.emitted as [number];
    const law = outcome.accepted === 1 ? kept : owed;
    law[first] = law[first]!.add(probability);
  }
  const emitted = firstTokenLaw(roundLaw(engine, rational), oneToken.vocabulary);
  const alpha = sum(rational, kept);
  const excess = residual(rational, p, q, 0);
  for (const x of p.keys()) {
    const smaller = p[x]!.compare(q[x]!) < 0 ? p[x]! : q[x]!;
    claim(kept[x]!.equals(smaller), 'what is kept is min(p, q)');
    claim(owed[x]!.equals(excess[x]!), 'what is owed is max(p - q, 0)');
    claim(emitted[x]!.equals(p[x]!), 'rejection sampling emits the target’s law');
  }
  claim(alpha.add(sum(rational, owed)).equals(1), 'kept and owed parts are everything');
  return { p, q, kept, owed, emitted, alpha };
}

function derivation({ p, q, kept, owed, emitted, alpha }: Enumerated): string {
  const one = rational.one;
  const rows = p.map((mass, x) => [
    `${x}`,
    exact(mass),
    exact(q[x]!),
    exact(kept[x]!.div(q[x]!)),
    exact(kept[x]!),
    exact(owed[x]!.div(one.sub(alpha))),
    exact(owed[x]!),
    exact(emitted[x]!),
  ]);
  const total = (law: readonly Fraction[]): string => exact(sum(rational, law));
  const residualTotal = exact(sum(rational, owed).div(one.sub(alpha)));
  rows.push(['sum', total(p), total(q), '', total(kept), residualTotal, total(owed), total(emitted)]);
  const head = ['x', 'p', 'q', 'accepted', 'kept', 'r', 'owed', 'emitted'];
  return section(
    '## Rejection sampling from a table',
    `Three tokens; the target wants p = ${exactLaw(p)}, the drafter offers q = ${exactLaw(q)}. One token is drafted.
How can its law become p?`,
    `**What may be kept.** Token x is drafted with probability q(x) and wanted with probability p(x). More than either
cannot be kept, so the most that a rule can keep is min(p(x), q(x)). A coin with probability min(p, q) / q =
min(1, p(x) / q(x)) keeps exactly that.`,
    `**What is owed.** p(x) − min(p(x), q(x)) = max(p(x) − q(x), 0) is still missing, and there is a rejection to fill
it with. With alpha = sum_x min(p(x), q(x)), a rejection comes with probability 1 − alpha, and what is missing sums to
1 − alpha as well, since p sums to 1. So a rejection must draw from r(x) = max(p(x) − q(x), 0) / (1 − alpha): there is
no other law with which the sum comes out.`,
    fenced('P(x) = min(p(x), q(x)) + (1 - alpha) r(x)\n     = min(p(x), q(x)) + max(p(x) - q(x), 0) = p(x)'),
    `The table below does not use these formulas. Its columns are counted: {@link rejection}, the rule that decodes,
was run by {@link enumerate} over every outcome of every draw and coin, and the probabilities of the branches were
added up. Then the build compared them with the formulas, fraction by fraction.`,
    table(head, rows, head),
    `“accepted” is the share of the drafts of x that was accepted, “kept” the probability that x was drafted and
accepted, r the law of the token after a rejection, “owed” that law times the probability ${exact(one.sub(alpha))} of a
rejection. “kept” sums to alpha = ${exact(alpha)}. The last column is p.`,
    keptAndOwedPicture({
      p,
      q,
      kept,
      owed,
      caption: `From the left: what is drafted (orange is rejected), what is kept of it, what a rejection draws, and the
two stacked. The orange and the purple parts have the same size, 1 − alpha = ${exact(one.sub(alpha))}.`,
    }),
  );
}

function enumeration({ p }: Enumerated): string {
  const branches = branchesOf(oneToken, rejection);
  const total = sum(
    rational,
    branches.map(({ probability }) => probability),
  );
  claim(total.equals(1), 'the branches are all there is');
  const zero = branches.filter(({ emitted }) => emitted[0] === 0);
  const sums = zero.map(({ probability }) => probability.toFraction()).join(' + ');
  const first = sum(
    rational,
    zero.map(({ probability }) => probability),
  );
  claim(first.equals(p[0]!), 'branches that begin with token 0 sum to p(0)');
  return section(
    '## Every branch of a round',
    `A round asks chance for few things: a token of the draft, a coin, a token of the target. Running the rule once for
each way in which these can fall gives a tree with ${branches.length} leaves. Multiplying along a branch gives its
probability, with nothing rounded:`,
    acceptanceTree({
      title: 'All branches of one round of rejection sampling',
      branches,
      heads: ['drafted', 'accepted?', 'then drawn', 'probability', 'emitted'],
      caption: `Green tokens are accepted drafts, blue ones are the target’s: the bonus token after an accepted draft
(blue lines), the correction after a rejected one (purple). The ${branches.length} probabilities sum to 1.`,
    }),
    `A law is a sum over leaves. The leaves that begin with token 0: ${sums} = ${exact(first)} = p(0). With more drafted
tokens and a larger vocabulary the tree grows, the principle does not: *the acceptance code that decodes is the code
that is enumerated*. It is written once, for any kind of number and any source of chance. With float64 and a tape of
random numbers it runs; with fractions and the enumerator it is proven.`,
  );
}
