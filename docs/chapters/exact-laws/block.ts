/** Block verification: derived from the theorem, computed for every drafted block, compared with the token rule. */
import { EXACT, exactReport, faultNamed, firstTokenLaw, prefixLaw, roundLaw, schemeFor } from 'turbo-lora/law';
import { rational } from 'turbo-lora/numerics';
import { block, rejection } from 'turbo-lora/verify';
import { claim } from '../../embedded/evidence.ts';
import { acceptanceTree } from '../../pictures/acceptance-tree.ts';
import { exact, exactLaw, shownPrefix } from '../../writing/fractions.ts';
import { fenced, section, table } from '../../writing/markdown.ts';
import { blocks, carried, closedSum, drafted, heads, lengthLaws, missing, tokenShare } from './block-numbers.ts';
import { branchesOf } from './branches.ts';
import { twoTokens } from './problems.ts';
import { referenceLink } from './references.ts';

export function blockSections(): string[] {
  return [boundSection(), ruleSection(), workedSection(), stopSection()];
}

function boundSection(): string {
  return section(
    '## The most that may be accepted',
    `The theorem does more than judge. It says how many drafted tokens a lossless rule can accept at all. Let tau be
the number of accepted tokens, so N = tau + 1, and let A(x1 … xn) be the probability that the draft begins with
x1 … xn and all of these are accepted. Since N ≥ n + 1 means tau ≥ n, the theorem’s right side is
p(x(n+1) | x1 … xn) · A(x1 … xn). Its left side holds A(x1 … x(n+1)) and whatever the correction adds. So`,
    fenced('A(x1..x(n+1)) <= p(x(n+1) | x1..xn) * A(x1..xn)\nA(x1..x(n+1)) <= q(x1..x(n+1))'),
    `by the first line because a correction can add but not take away, by the second because nothing is accepted that was not
drafted. The most that both allow is, from A = 1 for the empty prefix on,`,
    fenced('A(x1..x(n+1)) = min( q(x1..x(n+1)), p(x(n+1) | x1..xn) A(x1..xn) )'),
    `Divide by q(x1 … x(n+1)) and write r for A / q: the share of the drafts that begin so which are kept. It is a
running ratio, capped at 1:`,
    fenced('r_0 = 1        r_i = min(1, r_(i-1) p(x_i) / q(x_i))'),
    `Rejection sampling, token by token, keeps the share min(1, p/q) · min(1, p/q) · …, with a cap in every factor. A
factor above 1, where the target likes a token more than the drafter does, is lost there. Here it makes up for earlier
factors below 1. So r is never smaller than the token rule’s share.`,
  );
}

function ruleSection(): string {
  return section(
    '## The rule that reaches it',
    `*Block verification* ([arXiv 2403.10444](https://arxiv.org/abs/2403.10444)) accepts with exactly these A. The
rest follows.`,
    `**The correction.** After n accepted tokens it must bring what the theorem misses:
p(x) A(x1 … xn) − A(x1 … xn x) = q(x1 … xn) · max(r_n p(x) − q(x), 0). The residual has a weight, r_n.`,
    `**How often.** The round must stop there with the total of that, so given a draft that begins with x1 … xn`,
    fenced('P(tau >= n) = r_n\nP(tau = n)  = M_n = sum_x max(r_n p(x) - q(x), 0)\nP(tau > n)  = r_n - M_n'),
    `**The coins.** Ask from the end of the block backwards. At n = K all r_K is left to accept. At n < K, once it is
known that tau is not above n, the coin must come up with`,
    fenced('h_n = P(tau = n given tau <= n) = M_n / (M_n + 1 - r_n)\nh_K = r_K'),
    `The first coin that comes up gives tau; h_0 is 1. It fits together: q averages r_(n+1) over the next token to
sum_x min(q(x), r_n p(x)) = r_n − M_n, which is what P(tau > n) has to be. (Where r_n = 1
and M_n = 0 the round never stops at n, so it does not matter that 0/0 is taken as 1.)`,
  );
}

function workedRows(): string[][] {
  const byBlock = lengthLaws(block);
  const byToken = lengthLaws(rejection);
  const { continued } = prefixLaw(roundLaw(schemeFor(twoTokens, block, EXACT), rational));
  return blocks.map((tokens) => {
    const r = carried(tokens);
    const h = heads(tokens);
    const tau = byBlock.get(tokens.join(' '))!;
    claim(tau[2]!.equals(h[1]!), 'the last coin accepts the whole block');
    claim(tau[1]!.equals(rational.one.sub(h[1]!).mul(h[0]!)), 'the first coin is asked when the last one failed');
    for (const n of [1, 2]) {
      const prefix = tokens.slice(0, n);
      claim(continued.get(prefix.join(' '))!.equals(drafted(prefix).mul(r[n]!)), 'what is accepted is q r');
    }
    return [
      shownPrefix(tokens),
      exact(drafted(tokens)),
      exact(r[1]!),
      exact(missing(tokens.slice(0, 1), r[1]!)),
      exact(h[0]!),
      exact(h[1]!),
      exactLaw(tau),
      exactLaw(byToken.get(tokens.join(' '))!),
    ];
  });
}

/** Expected accepted tokens of both rules, each equal to its closed sum. */
function averages(): string {
  const [token, whole] = [rejection, block].map((rule) => exactReport(twoTokens, rule)) as [Judged, Judged];
  claim(whole.certificate.holds && token.certificate.holds, 'both rules are lossless');
  claim(whole.expectedAccepted.equals(closedSum((prefix, r) => drafted(prefix).mul(r))), 'E = sum q r');
  claim(token.expectedAccepted.equals(closedSum(tokenShare)), 'E = sum prod min(p, q)');
  claim(whole.expectedAccepted.compare(token.expectedAccepted) > 0, 'the block rule accepts more');
  return section(
    'Averaged over the drafts:',
    table(
      ['rule', 'expected accepted tokens', 'as a sum'],
      [
        ['token by token', exact(token.expectedAccepted), 'over all prefixes, the product of min(p, q)'],
        ['block', exact(whole.expectedAccepted), 'over all prefixes, q r'],
      ],
      ['expected accepted tokens'],
    ),
  );
}

function workedSection(): string {
  const head = ['block', 'q', 'r1', 'M1', 'h1', 'h2 = r2', 'tau = 0, 1, 2', 'token by token'];
  return section(
    '## Every block, computed',
    `The problem with two tokens once more. The laws of tau are counted by {@link enumerate} with {@link block}, the
production rule; r, M and h are the formulas, and the build compared them:`,
    table(head, workedRows(), head.slice(1)),
    one(),
    acceptanceTree({
      title: 'All branches of one round of block verification',
      branches: branchesOf(twoTokens, block),
      heads: ['first', 'second', 'keep both?', 'keep one?', 'then drawn', 'probability', 'emitted'],
      caption: `Coins are asked from the end of the block. A dotted line is a question that need not be asked.`,
    }),
    averages(),
    `Both rules have a certificate, with different numbers in it: the block rule goes on more often, and everywhere in the
target’s proportions. No lossless rule that sees one chain can have a larger sum, by the argument above.`,
  );
}

type Judged = ReturnType<typeof exactReport>;

/** The block in words. */
function one(): string {
  const tokens = [0, 1];
  const r = carried(tokens);
  const [p0, q0] = [twoTokens.target([])[0]!, twoTokens.draft([])[0]!];
  const [p1, q1] = [twoTokens.target([0])[1]!, twoTokens.draft([0])[1]!];
  claim(r[1]!.equals(p0.div(q0)) && r[2]!.equals(1) && p1.compare(q1) > 0, 'the second token rescues the first');
  return `Take the block 0 1. Token 0 is drafted too often, p / q = (${exact(p0)}) / (${exact(q0)}), so r1 =
${exact(r[1]!)}; the token rule rejects it one time in ${exact(rational.one.div(rational.one.sub(r[1]!)))}. But token 1 after it is drafted too rarely, p / q = (${exact(p1)}) / (${exact(q1)}) = ${exact(p1.div(q1))}, and the product
${exact(r[1]!)} · ${exact(p1.div(q1))} is above 1: r2 = 1. As a block, 0 1 is not drafted too often at all, and it is
always accepted. The price is paid by 0 0, whose first token is kept less often than before.`;
}

function stopSection(): string {
  const fault = faultNamed('block-stops-early');
  const faulty = exactReport(twoTokens, block, fault);
  const right = firstTokenLaw(roundLaw(schemeFor(twoTokens, block, EXACT), rational), twoTokens.vocabulary);
  claim(!faulty.certificate.holds && right.every((p, x) => p.equals(twoTokens.target([])[x]!)), 'stopping is a fault');
  const short = { ...twoTokens, parents: [-1] };
  for (const name of ['block-stops-early', 'block-token-residual']) {
    claim(exactReport(short, block, faultNamed(name)).certificate.holds, `${name} is right where K = 1`);
  }
  const h = heads([0, 1]);
  return section(
    '## Why it must not stop at the first failed position',
    `Readers who know the token rule may read the coins from the front, so that the first position that fails ends the block. With the
block’s h that is a fault, \`${fault.name}\`. On the block 0 1 the first coin comes up with h1 = ${exact(h[0]!)} only,
because h1 is the probability of stopping there *given that the second position has failed already*, and that never
happens (h2 = ${exact(h[1]!)}). An engine that asks it first throws the block away with probability
${exact(rational.one.sub(h[0]!))}. Over all blocks:`,
    table(
      ['', 'law of the first token', 'total variation of texts', 'expected accepted'],
      [
        [
          'the largest position that passes',
          exactLaw(right),
          '0',
          exact(exactReport(twoTokens, block).expectedAccepted),
        ],
        [
          'the first that fails ends it',
          exactLaw(faulty.emitted),
          exact(faulty.textVariation),
          exact(faulty.expectedAccepted),
        ],
      ],
      ['law of the first token', 'total variation of texts', 'expected accepted'],
    ),
    `The other fault seen in engines, \`block-token-residual\`, draws the correction from max(p − q, 0), without the
weight r (${faultNamed('block-token-residual').references.map(referenceLink).join(', ')}). Both look like the token rule, and both are right when K = 1: then the two rules are the same.`,
  );
}
