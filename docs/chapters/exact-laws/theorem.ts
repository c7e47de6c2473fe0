/** The theorem by which a scheme is judged, its record for a correct rule, and its first violated line for a fault. */
import {
  certify,
  EXACT,
  faultNamed,
  faultyScheme,
  identitiesOf,
  type Problem,
  prefixLaw,
  type RoundLaw,
  roundLaw,
  schemeFor,
} from 'turbo-lora/law';
import { rational } from 'turbo-lora/numerics';
import { rejection } from 'turbo-lora/verify';
import { claim } from '../../embedded/evidence.ts';
import { exact, exactLaw, shownPrefix } from '../../writing/fractions.ts';
import { fenced, section, table } from '../../writing/markdown.ts';
import { prefixesOf, twoTokens } from './problems.ts';

type Law = RoundLaw<ReturnType<Problem['target']>[number]>;

const HEAD = ['after', 'token', 'p', 'P(N ≥ n+1, prefix)', 'their product', 'P(N ≥ n+1, prefix and token)', ''];

export function theoremSections(): string[] {
  return [statement(), record(), violation()];
}

function statement(): string {
  return section(
    '## One test for every scheme',
    `A round may emit several tokens, and their number is itself random and depends on the tokens. What does
“lossless” mean then? Let N be the number of tokens that a round emits, and let plain decoding continue after them.`,
    `> **Theorem.** The text has the target’s law if and only if, for every prefix x1 … xn and every token x(n+1),
>
> P(N ≥ n+1, x1 … x(n+1)) = p(x(n+1) | x1 … xn) · P(N ≥ n+1, x1 … xn).`,
    `In words: whenever a round emits another token, that token has the target’s law, *given all that is known
then*: the prefix, and that the round did not end before.`,
    `**Proof.** Let L(n) be the probability that the text begins with x1 … xn. It begins with x1 … x(n+1) in one of two
ways: the round wrote all of these tokens, or it ended at n or before and plain decoding wrote x(n+1):`,
    fenced('L(n+1) = P(N >= n+1, x1..x(n+1))\n       + p(x(n+1) | x1..xn) * ( L(n) - P(N >= n+1, x1..xn) )'),
    'that is,',
    fenced(
      'L(n+1) - p(x(n+1) | x1..xn) * L(n)\n   = P(N >= n+1, x1..x(n+1)) - p(x(n+1) | x1..xn) * P(N >= n+1, x1..xn)',
    ),
    `The left side is zero at every prefix if and only if L is the target’s law, because L(0) = 1. The right side is zero at every prefix
if and only if all identities hold. ∎`,
    `Both sides are sums over leaves of the tree, so a computer can decide them: {@link certify} checks every prefix
and returns the whole list of identities or the first violated one. If the next round continues instead of plain decoding, nothing changes, because its text has the same law.`,
  );
}

function lawRows(laws: Problem['target'], lengths: readonly number[]): string[][] {
  return lengths.flatMap((length) =>
    prefixesOf(length, twoTokens.vocabulary).map((prefix) => [shownPrefix(prefix), exactLaw(laws(prefix))]),
  );
}

function record(): string {
  const law = roundLaw(schemeFor(twoTokens, rejection, EXACT), rational);
  const certificate = certify(law, twoTokens.target);
  claim(certificate.holds, 'the certificate of rejection sampling');
  const targets = new Set(lawRows(twoTokens.target, [0, 1, 2]).map(([, shown]) => shown));
  claim(targets.size === 7, 'the target’s laws differ at every prefix');
  const drafts = new Map(lawRows(twoTokens.draft, [0, 1]).map(([prefix, shown]) => [prefix!, shown!]));
  const laws = lawRows(twoTokens.target, [0, 1, 2]).map(([prefix, shown]) => [
    prefix!,
    shown!,
    drafts.get(prefix!) ?? '–',
  ]);
  const rows = identityRows(law);
  return section(
    '## A proof, printed',
    `Two tokens in the vocabulary, two drafted tokens, and a different law after every prefix:`,
    table(['after', 'p', 'q'], laws),
    `{@link rejection} on this problem has ${law.branches} branches. They sum to ${rows.length} identities, and the
record of all of them is the proof for this problem:`,
    table(HEAD, rows, HEAD.slice(1, -1)),
    `The record proves this problem, not all. The tests of this package do so for hundreds of random problems per
rule: more tokens, longer drafts, trees, zeros, ties, equal and disjoint supports. The argument for *all* problems is
the algebra above; the enumeration shows that the code does what the algebra describes.`,
  );
}

function identityRows(law: Law): string[][] {
  const prefixes = prefixLaw(law);
  return [...identitiesOf(prefixes, twoTokens.target)].map(({ prefix, token, left, right }) => [
    shownPrefix(prefix),
    `${token}`,
    exact(twoTokens.target(prefix)[token]!),
    exact(prefixes.continued.get(prefix.join(' '))!),
    exact(right),
    exact(left),
    left.equals(right) ? '=' : '**≠**',
  ]);
}

function violation(): string {
  const fault = faultNamed('draft-row-shifted');
  const law = roundLaw(faultyScheme(twoTokens, rejection, fault), rational);
  const certificate = certify(law, twoTokens.target);
  const rows = identityRows(law);
  const bad = rows.filter((row) => row.at(-1) !== '=');
  const [first] = bad;
  claim(!certificate.holds && certificate.violated.prefix.length === 1, 'a wrong row shows after one token');
  if (certificate.holds) throw new Error('unreachable');
  const { prefix, token, left, right } = certificate.violated;
  claim(first![0] === shownPrefix(prefix) && first![1] === `${token}`, 'the first violated identity');
  claim(
    rows.slice(0, twoTokens.vocabulary).every((row) => row.at(-1) === '='),
    'the first token keeps the target’s law',
  );
  return section(
    '## A refutation, printed',
    `The same problem, with a fault that the table of one token could not show. \`${fault.name}\`: ${fault.description}
(${fault.references.map(({ where, title }) => `${where}, ${title}`).join('; ')})`,
    table(HEAD, rows, HEAD.slice(1, -1)),
    `The first two lines hold: the law of the first token is exactly right, and so is any statistic of it.
The first violated identity is the certificate: token ${token} after ${shownPrefix(prefix)} has probability ${exact(left)} instead of ${exact(right)}.`,
    `> **Hazard.** A test of one position, or with one law for all rows, passes this engine however many samples it
> takes. In averages over prefixes errors may cancel. The theorem says what to condition on: the whole prefix, and that
> the round goes on.`,
  );
}
