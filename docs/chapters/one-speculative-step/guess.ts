/** From the text to a draft: a plain step, and what the heads make of its hidden state. */
import type { LanguageModel } from 'turbo-lora';
import { headLogits } from 'turbo-lora/draft';
import { languageModelHead } from 'turbo-lora/model';
import { rowOf } from 'turbo-lora/numerics';
import { float64Ops } from 'turbo-lora/ops';
import { softmax } from 'turbo-lora/sampling';
import { claim } from '../../embedded/evidence.ts';
import type { FoundRound } from '../../embedded/instructive.ts';
import { mostLikely } from '../../writing/laws.ts';
import {
  capitalized,
  count,
  fenced,
  number,
  ordinal,
  probability,
  section,
  shownToken,
  table,
} from '../../writing/markdown.ts';

export function guessSections(model: LanguageModel, found: FoundRound): string[] {
  return [textSection(model, found), plainStepSection(model, found), headsSection(model, found)];
}

function textSection(model: LanguageModel, { prompt, round }: FoundRound): string {
  const { tokens, promptLength } = round;
  const first = Math.max(0, tokens.length - 6);
  const rows = tokens.slice(first).map((token, i) => {
    const position = first + i;
    return [`${position}`, `${token}`, shownToken(model, token), position < promptLength ? 'prompt' : 'answer'];
  });
  const answered = tokens.length - promptLength;
  return section(
    '## The text so far',
    'The prompt:',
    fenced(prompt.trimEnd()),
    `It is ${promptLength} tokens long. ${capitalized(count(answered, 'token'))} of the answer
${answered === 1 ? 'is' : 'are'} there already, so the text has ${tokens.length} tokens and the next one gets
position ${tokens.length}. The last of them:`,
    table(['position', 'id', 'token', 'part of'], rows, ['position', 'id']),
  );
}

function plainStepSection(model: LanguageModel, { round }: FoundRound): string {
  const { tokens, hidden } = round;
  const position = tokens.length - 2;
  const lane = [{ rows: 1, adapter: model.adapter }];
  const logits = rowOf('logits', languageModelHead(float64Ops, model.transformer, hidden!, lane), 0);
  const law = softmax(logits);
  const best = mostLikely(law, 5);
  claim(best[0] === tokens.at(-1), 'the last token is the target’s most likely one');
  const state = rowOf('hidden', hidden!, 0);
  const beginning = Array.from(state.subarray(0, 6), (value) => number(value)).join(', ');
  return section(
    '## A plain step',
    `How did the last token get there? The pass before this round ended in a *hidden state* at position ${position}:
the ${state.length} numbers that the last layer left there, after the final norm. They begin`,
    fenced(`h = [${beginning}, …]`),
    `The LM head turns them into one *logit* per token, \`z = W h\`, and the logits become a law:`,
    fenced('p(x) = exp(z(x)) / sum_y exp(z(y))'),
    table(
      ['token', 'logit z', 'p'],
      best.map((token) => [shownToken(model, token), number(logits[token]!), probability(law[token]!)]),
      ['logit z', 'p'],
    ),
    `At temperature 0 the whole law moves to the largest logit, ${shownToken(model, best[0]!)}, and that is the token
at position ${position + 1}. It has been chosen but not read: no keys and values of it are in the cache yet. Plain
decoding would now read it, get the next hidden state, and so on: one pass per token.`,
  );
}

function headsSection(model: LanguageModel, { round }: FoundRound): string {
  const { tokens, hidden, draft } = round;
  const project = (states: typeof hidden & object) => {
    const lanes = [{ rows: states.shape[0]!, adapter: model.adapter }];
    return languageModelHead(float64Ops, model.transformer, states, lanes);
  };
  const logits = headLogits(float64Ops, model.heads!, hidden!, project);
  const laws = model.heads!.map((_, head) => softmax(rowOf('logits', logits, head)));
  const rows = laws.map((law, head) => {
    const best = mostLikely(law, 3);
    claim(best[0] === draft.tokens[head], 'a head drafts its most likely token');
    const guesses = best.map((token) => `${shownToken(model, token)} ${probability(law[token]!)}`);
    return [`${head}`, `${tokens.length + head}`, ...guesses];
  });
  const chain = draft.tokens.map((token) => shownToken(model, token)).join(' ');
  return section(
    '## What the heads guess',
    `The same hidden state knows more than the next token: to write the next one well, a model has to have some idea
of where the sentence is going. Each head asks for one later token. Head i applies one small residual layer and then
the target’s own LM head:`,
    fenced('h_i = h + SiLU(W_i h + b_i)        SiLU(a) = a / (1 + exp(-a))\nz_i = W h_i'),
    `A state at position t predicts position t + 1; head i at t guesses position t + 2 + i. With t =
${tokens.length - 2}:`,
    table(['head', 'guesses position', 'best', 'second', 'third'], rows, ['head', 'guesses position']),
    `The best guess of each head, in a row, is the *draft*: ${chain}. This took one product with a matrix of
${hidden!.shape[1]} by ${hidden!.shape[1]} per head and one batch through the LM head. It took no pass through the
layers.`,
    `> **Hazard.** No head sees what the others guess. Each row of the table is a separate law, and the
> ${ordinal(1)} token of a draft need not fit the ${ordinal(0)}. That costs speed, never correctness: the target has
> the last word.`,
    `> **Hazard.** The heads share the LM head *with its adapter*. An engine that applies a LoRA on the LM head to
> its target rows but not to its draft rows loses acceptance without any visible error.`,
  );
}
