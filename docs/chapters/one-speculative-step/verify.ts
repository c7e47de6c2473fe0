/** One pass over the draft, and what each rule makes of it. */
import type { LanguageModel } from 'turbo-lora';
import { type RecordedDraw, recordingTape, sampled, seededTape } from 'turbo-lora/chance';
import { float64 } from 'turbo-lora/numerics';
import { checkSettings, createSampler, softmax } from 'turbo-lora/sampling';
import { ruleNamed, type Verdict } from 'turbo-lora/verify';
import { claim, verifiedLogits } from '../../embedded/evidence.ts';
import type { FoundRound } from '../../embedded/instructive.ts';
import type { RecordedRound } from '../../embedded/rounds.ts';
import { type Law, mostLikely, totalVariation } from '../../writing/laws.ts';
import { capitalized, count, ordinal, probability, section, shownToken, table } from '../../writing/markdown.ts';

export function verifySections(model: LanguageModel, { round }: FoundRound): string[] {
  const logits = verifiedLogits(model, round);
  return [passSection(model, round, logits), rulesSection(model, round, logits)];
}

function passSection(model: LanguageModel, round: RecordedRound, logits: readonly Float64Array[]): string {
  const { tokens, draft, verdict } = round;
  const accepted = verdict.accepted.length;
  const rows = logits.map((row, i) => {
    const law = softmax(row);
    const best = mostLikely(law, 1)[0]!;
    const drafted = draft.tokens[i];
    const read = i === 0 ? tokens.at(-1)! : draft.tokens[i - 1]!;
    return [
      `${i}`,
      `${shownToken(model, read)} at ${tokens.length - 1 + i}`,
      `${shownToken(model, best)} ${probability(law[best]!)}`,
      drafted === undefined ? '–' : `${shownToken(model, drafted)} ${probability(law[drafted]!)}`,
      outcome(i, accepted, draft.tokens.length),
    ];
  });
  return section(
    '## One pass over all of them',
    `Now the target reads the last token *and* the whole draft in one pass: ${logits.length} rows. Row i may look at
the text and at the drafted tokens before it, not at those after it, so row i yields the law of the token that
follows the first i guesses. As long as these guesses are what the target would have written, that is exactly the law that plain decoding would have computed.`,
    table(['row', 'reads', 'target’s best for the next', 'drafted there, with its p', 'at temperature 0'], rows, [
      'row',
    ]),
    acceptedSentence(model, round),
    `“Exactly” is meant literally. While this page was built, each row was computed again in a separate pass,
and all ${logits.length * logits[0]!.length} logits were the same to the last bit. Sums here run from left to right
in float64, and no row knows how many others are computed beside it. In an engine that picks its kernels by batch
size this is only nearly true, and where the two best logits nearly tie, “nearly” is enough to make the speculative
text depart from the plain one.`,
    penaltyHazard(model, round, logits),
  );
}

function outcome(row: number, accepted: number, drafted: number): string {
  if (row === drafted) return accepted === drafted ? 'bonus token' : 'computed in vain';
  if (row < accepted) return 'accepted';
  return row === accepted ? '**rejected**' : 'computed in vain';
}

function acceptedSentence(model: LanguageModel, { draft, verdict }: RecordedRound): string {
  const at = verdict.accepted.length;
  const drafted = shownToken(model, draft.tokens[at]!);
  const own = shownToken(model, verdict.token);
  return `${capitalized(count(at, 'guess', 'guesses'))} ${at === 1 ? 'holds' : 'hold'}. The ${ordinal(at)} one said
${drafted} where the target says ${own}: it is rejected, and so is everything after it, whose rows were computed for a text that does not exist. But row ${at} is not lost. It already holds the target’s law for that position, so
${own} is emitted too. A round therefore emits at least one token, as many as a plain step, and here it emits
${count(at + 1, 'token')}.`;
}

/** How far off a law is when penalties do not count the drafted tokens before its row. */
function penaltyHazard(
  model: LanguageModel,
  { tokens, promptLength, draft }: RecordedRound,
  logits: readonly Float64Array[],
): string {
  const { vocabularySize } = model.transformer.config;
  const sampler = createSampler(
    checkSettings({ temperature: 1, repetitionPenalty: 1.3 }, vocabularySize),
    vocabularySize,
  );
  const errors = logits.map((row, i) => {
    const counted = sampler.law(row, { tokens: [...tokens, ...draft.tokens.slice(0, i)], promptLength });
    return totalVariation(counted, sampler.law(row, { tokens, promptLength }));
  });
  const worst = errors.indexOf(Math.max(...errors));
  return `> **Hazard.** Penalties count the text before a token, and for row i that text includes the first i drafted
> tokens. An engine that hands its penalties the emitted tokens only gets another law. With a repetition penalty of
> 1.3 and temperature 1 the total variation between the right law and that one is ${probability(errors[worst]!)} in row ${worst} of this pass.`;
}

function rulesSection(model: LanguageModel, round: RecordedRound, logits: readonly Float64Array[]): string {
  const laws = logits.map((row) => softmax(row));
  const seed = tellingSeed(round, laws);
  const atZero = ['greedy', 'match', 'rejection'].map((name) => decided(name, round, round.laws, seed));
  const [first, ...others] = atZero.map(({ verdict }) => JSON.stringify(verdict));
  claim(
    others.every((verdict) => verdict === first),
    'at temperature 0 all rules agree',
  );
  const atOne = ['match', 'rejection'].map((name) => decided(name, round, laws, seed));
  const rows = [
    ...atZero.map((d) => ['0', ...ruleRow(model, round, d)]),
    ...atOne.map((d) => ['1', ...ruleRow(model, round, d)]),
  ];
  return section(
    '## Who decides: three rules',
    'Comparing with the most likely token is one *acceptance rule*. Two others work at any temperature:',
    `- **greedy**: accept while the guess is the target’s most likely token.
- **match**: draw a token from the target’s law, as plain decoding would, and emit it; go on while it happens to equal
  the guess.
- **rejection**: accept guess x with probability min(1, p(x) / q(x)), where q is the law that x was drawn from; on a
  rejection draw from what p has more than q.`,
    `Chance comes from a *tape*: every draw has a named slot, its purpose and the position it helps decide, and the
tape answers with a uniform number u in [0, 1). Here is each rule on the draft above, with the tape of seed ${seed}:`,
    table(['temperature', 'rule', 'tape', 'accepted', 'emits'], rows, ['temperature', 'accepted']),
    `At temperature 0 every law is a point mass, no uniform can change anything, and all three agree; the build would
have stopped if they did not. At temperature 1 the target’s laws are the ones in the table further up. The heads’
best guesses were not drawn but computed, so their q is a point mass too: q(x) = 1, and rejection accepts x with
probability p(x), just as match does; but the two ask other slots of the tape, so that they may keep different
guesses. Their probabilities differ too once drafts are drawn; that comes below.`,
  );
}

interface Decided {
  readonly name: string;
  readonly verdict: Verdict;
  readonly draws: readonly RecordedDraw[];
}

/** The first seed by which match and rejection, at temperature 1, keep different numbers of guesses; else 0. */
function tellingSeed(round: RecordedRound, laws: readonly Law[]): number {
  const kept = (name: string, seed: number): number => decided(name, round, laws, seed).verdict.accepted.length;
  const seeds = Array.from({ length: 500 }, (_, seed) => seed);
  return seeds.find((seed) => kept('match', seed) !== kept('rejection', seed)) ?? 0;
}

function decided(name: string, { draft, tokens }: RecordedRound, laws: readonly Law[], seed: number): Decided {
  const draws: RecordedDraw[] = [];
  const chance = sampled(recordingTape(seededTape(seed), draws));
  const target = (node: number): Law => laws[node + 1]!;
  const verdict = ruleNamed(name).decide({ draft, target, position: tokens.length }, float64, chance);
  return { name, verdict, draws };
}

function ruleRow(model: LanguageModel, { draft }: RecordedRound, { name, verdict, draws }: Decided): string[] {
  const tape = draws.map(({ purpose, position, uniform }) => `${purpose} ${position}: ${uniform.toFixed(4)}`);
  const emitted = [...verdict.accepted.map((node) => draft.tokens[node]!), verdict.token];
  return [
    name,
    tape.length === 0 ? 'not asked' : tape.join('<br>'),
    `${verdict.accepted.length}`,
    emitted.map((token) => shownToken(model, token)).join(' '),
  ];
}
