/** The chapter "One speculative step": one round at temperature 0, then one with dice. */
import { instructiveGreedyRound, instructiveSampledRound } from '../embedded/instructive.ts';
import type { Embedded } from '../embedded/model.ts';
import { section } from '../writing/markdown.ts';
import { diceSections } from './one-speculative-step/dice.ts';
import { guessSections } from './one-speculative-step/guess.ts';
import { paySections } from './one-speculative-step/pay.ts';
import { verifySections } from './one-speculative-step/verify.ts';

const OPENING = `---
title: One speculative step
group: Chapters
category: Chapters
---

# One speculative step, with real numbers

A language model writes one token per pass: it reads all its weights and yields a probability distribution over the
vocabulary (a *law*, for short), a token is chosen, and the next pass begins. At batch size 1 a GPU spends most of that
time fetching weights. Fetching them for five rows takes hardly longer than for one, so a pass that checks five guesses
costs about as much as a pass that writes one token.

*Speculative decoding* uses this. Something cheap guesses the next tokens; one pass of the model, here called the
*target*, looks at all of them; the guesses that the target would have written itself are kept. What makes it more than
a gamble is that the result is the target's own: the same text at temperature 0, the same law of texts above it.

*Turbo LoRA* makes the guessing cheap enough: a LoRA teaches the target a task, and a few small heads, trained together
with it, guess later tokens from a hidden state that the target has computed anyway.

This page follows one round of the model that ships with this package. Every number was computed by the package's own
code when the page was built, and every claim that can be checked was checked then.
White space in tokens is shown as <code>␣</code> (space) and <code>⏎</code> (new line). Letters and words are those
of the [glossary](../glossary.md).`;

const ENDING = `## Where this lives in the code

| what you saw | where it is |
|:--|:--|
| the loop around it all | {@link decodeSpeculatively}, next to {@link decodePlainly} |
| what the heads compute | {@link headLogits}, drafted by {@link headsDrafter} |
| one pass over any set of rows | {@link forward} |
| logits to a law | {@link createSampler} |
| the verdicts | {@link greedy}, {@link sampleAndMatch}, {@link rejection} |
| coins and draws | {@link Chance}, {@link Tape}, {@link indexAt} |
| rollback | {@link KeyValueCache.keep} |`;

/** The chapter as Markdown. */
export async function oneSpeculativeStep(embedded: Embedded): Promise<string> {
  const greedyRound = instructiveGreedyRound(embedded);
  const sampledRound = instructiveSampledRound(embedded);
  const { model } = embedded;
  const chapter = section(
    OPENING,
    ...guessSections(model, greedyRound),
    ...verifySections(model, greedyRound),
    ...(await paySections(model, greedyRound)),
    ...diceSections(model, sampledRound),
    ENDING,
  );
  return `${chapter}\n`;
}
