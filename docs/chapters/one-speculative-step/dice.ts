/** The second half: drafts that are drawn, coins, and the residual. */
import type { LanguageModel } from 'turbo-lora';
import type { RecordedDraw } from 'turbo-lora/chance';
import { float64 } from 'turbo-lora/numerics';
import { softmax } from 'turbo-lora/sampling';
import { residual } from 'turbo-lora/verify';
import { claim } from '../../embedded/evidence.ts';
import type { FoundRound } from '../../embedded/instructive.ts';
import type { RecordedRound } from '../../embedded/rounds.ts';
import { lawPicture } from '../../pictures/laws.ts';
import { type Law, mostLikely, normalized, overlap, totalVariation } from '../../writing/laws.ts';
import {
  capitalized,
  count,
  fenced,
  ordinal,
  probability,
  section,
  shownToken,
  table,
  visibleText,
} from '../../writing/markdown.ts';

/** The row in which the draft was rejected. */
interface RejectedRow {
  readonly p: Law;
  readonly q: Law;
  readonly token: number;
  readonly excess: readonly number[];
  /** `sum min(p, q)` */
  readonly alpha: number;
}

export function diceSections(model: LanguageModel, found: FoundRound): string[] {
  const { round } = found;
  const node = round.verdict.accepted.length;
  const [p, q, token] = [round.laws[node]!, round.draft.laws[node] as Law, round.draft.tokens[node]!];
  const row = { p, q, token, excess: residual(float64, p, q, token), alpha: overlap(p, q) };
  return [
    coinsSection(model, found),
    residualSection(model, row, round),
    proofSection(model, row),
    hazardSection(model, row),
  ];
}

function drawOf(round: RecordedRound, purpose: RecordedDraw['purpose'], position: number): RecordedDraw | undefined {
  return round.draws.find((draw) => draw.purpose === purpose && draw.position === position);
}

function coinsSection(model: LanguageModel, { prompt, round }: FoundRound): string {
  const { draft, laws, tokens, verdict, recording } = round;
  const accepted = verdict.accepted.length;
  const rows = draft.tokens.map((token, node) => {
    const [p, q] = [laws[node]![token]!, (draft.laws[node] as Law)[token]!];
    const coin = drawOf(round, 'accept', tokens.length + node);
    const drawn = drawOf(round, 'draft', tokens.length + node)!;
    const verdictOf = coin === undefined ? 'not asked' : coin.uniform * q < p ? 'accepted' : '**rejected**';
    claim((verdictOf === 'accepted') === node < accepted, 'the coins make the verdict');
    return [
      `${tokens.length + node}`,
      drawn.uniform.toFixed(4),
      shownToken(model, token),
      probability(q),
      probability(p),
      probability(Math.min(1, p / q)),
      coin === undefined ? '–' : coin.uniform.toFixed(4),
      verdictOf,
    ];
  });
  const head = ['position', 'draft u', 'drafted x', 'q(x)', 'p(x)', 'min(1, p/q)', 'coin u', 'verdict'];
  return section(
    '## The same with dice',
    `Above temperature 0 the target has no single right token, only a law p, and “keep the guesses that the target
would have written” has no meaning for a single text. It has one for the law: a scheme is *lossless* when every text
is as likely as under plain decoding. Rejection sampling achieves that, and accepts as often as any scheme with one
guess can.`,
    `Here is a round at temperature 1 (seed ${recording.seed}). The prompt:`,
    fenced(prompt.trimEnd()),
    `and the answer so far:`,
    fenced(model.decode(tokens.slice(round.promptLength))!),
    `This time each head’s token is *drawn* from its law q, and q travels with it to the verifier. The target’s pass
yields p for every row. A coin then decides: accept x when \`u * q(x) < p(x)\`. That happens with probability min(1,
p(x) / q(x)); written as a product it needs no division and never accepts a token with p(x) = 0.`,
    table(head, rows, ['position', 'draft u', 'q(x)', 'p(x)', 'min(1, p/q)', 'coin u']),
    `Where the target likes x at least as much as the draft did, x is always kept. Where the draft proposed it too
often, part of the proposals must go, and exactly the share 1 − p(x) / q(x) goes.
${capitalized(count(accepted, 'draft'))} ${accepted === 1 ? 'passes' : 'pass'} here, the ${ordinal(accepted)} does
not.`,
  );
}

function residualSection(model: LanguageModel, row: RejectedRow, round: RecordedRound): string {
  const { p, q, excess, alpha } = row;
  const position = round.tokens.length + round.verdict.accepted.length;
  const draw = drawOf(round, 'residual', position)!;
  const law = normalized(excess);
  const chosen = round.verdict.token;
  const below = law.slice(0, chosen).reduce((sum, weight) => sum + weight, 0);
  const shown = notableTokens(row);
  return section(
    '## What a rejection owes: the residual',
    `After a rejection some token must still come. Which law should it have? Not p: the tokens that q proposed and
the coin kept are on the page already, so p would count them twice. What is owed is what p has more than q:`,
    fenced('residual(x) = max(p(x) - q(x), 0)'),
    lawPicture({
      p,
      q,
      tokens: shown,
      nameOf: (token) => visibleText(model, token),
      caption: `Position ${position}, where the draft was rejected. Left bars are p, right bars q. Both share the
green part; orange is rejected when it is drafted, purple is what a rejection draws from.`,
    }),
    `Green sums to alpha = sum_x min(p(x), q(x)) = ${probability(alpha)}: the probability that a draft is accepted
here. Orange and purple sum to ${probability(1 - alpha)} each, the total variation between p and q. Every time orange
is hit, purple is drawn from.`,
    `Here the tape answers ${draw.uniform.toFixed(4)} for the slot “residual ${position}”. Tokens are laid end to end
in ascending order of their ids, each as wide as its share of the residual; ${shownToken(model, chosen)} covers
${below.toFixed(4)} to ${(below + law[chosen]!).toFixed(4)}, and is emitted.`,
  );
}

/** The tokens with most to see: the largest of p, q and the residual, in order of p. */
function notableTokens({ p, q, excess, token }: RejectedRow): number[] {
  const tokens = new Set([token, ...mostLikely(excess, 3), ...mostLikely(p, 4), ...mostLikely(q, 4)]);
  return [...tokens].slice(0, 8).sort((a, b) => p[b]! - p[a]! || a - b);
}

function proofSection(model: LanguageModel, row: RejectedRow): string {
  const { p, q, excess, alpha } = row;
  const law = normalized(excess);
  const emitted = Array.from(p, (mass, x) => Math.min(mass, q[x]!) + (1 - alpha) * law[x]!);
  claim(totalVariation(emitted, p) < 1e-12, 'kept and owed parts sum to p');
  const rows = notableTokens(row).map((x) => [
    shownToken(model, x),
    probability(q[x]!),
    probability(Math.min(p[x]!, q[x]!)),
    probability(law[x]!),
    probability((1 - alpha) * law[x]!),
    probability(emitted[x]!),
    probability(p[x]!),
  ]);
  const head = ['x', 'q', 'kept: min(p, q)', 'residual law r', 'owed: (1 − alpha) r', 'kept + owed', 'p'];
  return section(
    '## Why the sum is right',
    'Token x can come in two ways: drafted and kept, or owed after a rejection.',
    fenced(
      'P(x) = q(x) min(1, p(x)/q(x)) + (1 - alpha) r(x)\n     = min(p(x), q(x))        + max(p(x) - q(x), 0)      = p(x)',
    ),
    table(head, rows, head.slice(1)),
    `The last two columns are equal for every token, whatever q is: a bad drafter costs speed, never correctness. The
tests of this package do not stop at decimals: they run the same code with exact fractions over all outcomes of all
draws and compare fractions, as [the next chapter](exact-laws.md) does.`,
  );
}

function hazardSection(model: LanguageModel, row: RejectedRow): string {
  const { p, q, excess, alpha } = row;
  const law = normalized(excess);
  const [top] = mostLikely(q, 1) as [number];
  const kept = Math.min(1, p[top]! / q[top]!);
  const mixed = (share: (x: number) => number, rest: Law, weight: number): number[] =>
    Array.from(p, (_, x) => share(x) + weight * rest[x]!);
  const shared = (x: number): number => Math.min(p[x]!, q[x]!);
  const soft = softmax(Float64Array.from(excess));
  const faults: [string, number[]][] = [
    ['none: the rule as above', mixed(shared, law, 1 - alpha)],
    ['after a rejection, draw from p instead of the residual', mixed(shared, p, 1 - alpha)],
    ['softmax over the residual instead of dividing by its sum', mixed(shared, soft, 1 - alpha)],
    [
      `draft the most likely token (${shownToken(model, top)}), but hand q to the verifier as if it had been drawn`,
      mixed((x) => (x === top ? kept : 0), law, 1 - kept),
    ],
  ];
  const rows = faults.map(([what, emitted]) => {
    const distance = totalVariation(emitted, p);
    return [what, probability(emitted[top]!), distance < 1e-12 ? '0 (rounding)' : probability(distance)];
  });
  return section(
    '## How engines get it wrong',
    `Each of these still writes fluent text, and a test that only looks at averages may well let it pass. At the row
above they give the following laws, where p(x) = ${probability(p[top]!)} for the draft’s favourite x = ${shownToken(model, top)}:`,
    table(['fault', 'P(x)', 'total variation from p'], rows, ['P(x)', 'total variation from p']),
    `> **Hazard.** A draft must carry the law that it was really drawn from. If temperature, top-k or a penalty
> shaped the draft, the shaped law is q; if the token was computed (best guess, copied from the prompt), q is a point
> mass. The formula holds for the q of the draw and for no other.`,
    `> **Hazard.** A coin must not be used twice, not for the residual and not for the same position in a later
> round. Of a uniform that has lost against p/q it is known that it is large: it is no longer uniform.`,
  );
}
