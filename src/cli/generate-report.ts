/**
 * A completion for people and for programs.
 * @packageDocumentation
 */
import type { Completion, GeneratedToken } from '../language-model/completion.ts';
import { say } from './output.ts';
import { printTable } from './table.ts';
import type { TimedGeneration } from './timed-generation.ts';

/** A completion as the JSON output spells it. */
export function shown({ completion, tokensPerSecond }: TimedGeneration): Record<string, unknown> {
  return {
    prompt_tokens: completion.promptTokens,
    tokens: completion.tokens,
    text: completion.text,
    stop: completion.stop,
    target_forwards: completion.targetForwards,
    prefill_forwards: completion.prefillForwards,
    decode_forwards: completion.decodeForwards,
    drafted: completion.drafted,
    accepted: completion.accepted,
    accepted_by_position: completion.acceptanceByDepth,
    tokens_per_forward: completion.tokensPerForward,
    tokens_per_second: tokensPerSecond,
    prefill_ms: completion.prefillMilliseconds,
    decode_ms: completion.decodeMilliseconds,
    ms: completion.milliseconds,
  };
}

/** Tokens with their log-probabilities as the JSON output spells them. */
export function shownLogProbabilities(tokens: readonly GeneratedToken[]): Record<string, unknown>[] {
  return tokens.map(({ id, text, logProbability, drafted, topLogProbabilities = [] }) => ({
    ...{ id, text, logprob: logProbability, drafted },
    top: topLogProbabilities.map((top) => ({ id: top.id, text: top.text, logprob: top.logProbability })),
  }));
}

/** The text of a completion; its token ids when the model has no tokenizer. */
export function textOf({ text, tokens }: Completion): string {
  return text ?? tokens.join(',');
}

/** Each token with its log-probability and the likeliest tokens at its place, as a table. */
export function printLogProbabilities(tokens: readonly GeneratedToken[], textOfToken: (id: number) => string): void {
  const rows = tokens.map(({ id, logProbability, drafted, topLogProbabilities = [] }) => [
    `${id}`,
    textOfToken(id),
    fixed(logProbability),
    drafted ? 'yes' : '',
    topLogProbabilities.map((top) => `${textOfToken(top.id)} ${fixed(top.logProbability)}`).join('  '),
  ]);
  printTable(['id', 'token', 'ln p', 'drafted', 'likeliest'], rows, [0, 2]);
}

function fixed(value: number): string {
  return value.toFixed(3).replace(/^-(0\.0*)$/, '$1');
}

/** Counts and times of a completion, on stderr. */
export function sayStatistics(timed: TimedGeneration, loadMilliseconds: number): void {
  const { completion, tokensPerSecond } = timed;
  const { tokens, promptTokens, stop, decodeForwards, prefillForwards } = completion;
  const speed = tokensPerSecond === null ? '' : ` (${tokensPerSecond.toFixed(1)} tokens/s)`;
  const perPass = tokens.length / Math.max(1, completion.targetForwards);
  say(`${tokens.length} tokens, ended by ${stop}; ${perPass.toFixed(2)} per pass`);
  say(
    `time: load ${milliseconds(loadMilliseconds)}, prefill ${milliseconds(completion.prefillMilliseconds)} ` +
      `(${promptTokens.length} tokens), decode ${milliseconds(completion.decodeMilliseconds)}${speed}`,
  );
  say(`passes: ${prefillForwards} prefill, ${decodeForwards} decode`);
  if (completion.drafted > 0) say(acceptance(completion));
}

function acceptance({ drafted, accepted, acceptanceByDepth }: Completion): string {
  const positions = acceptanceByDepth.map((depth) => `${depth.accepted}/${depth.drafted}`).join(' ');
  return `accepted: ${accepted} of ${drafted} drafted tokens; by position ${positions}`;
}

/** Three digits, in milliseconds or seconds. */
export function milliseconds(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return value >= 100 ? `${value.toFixed(0)} ms` : `${value.toPrecision(3)} ms`;
}
