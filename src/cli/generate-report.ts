/**
 * The report of a completion, as text and as JSON.
 * @packageDocumentation
 */
import { styleText } from 'node:util';
import type { Completion, GeneratedToken } from '../language-model/completion.ts';
import { printableLines, sayStyled } from './output.ts';
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

/** The text of a completion, or its token ids when the model has no tokenizer. */
export function textOf({ text, tokens }: Completion): string {
  return text ?? tokens.join(',');
}

/** Each token with its log-probability and the most likely tokens at its position, as a table. */
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
export function sayStatistics(timed: TimedGeneration, loadMilliseconds: number, backend: string): void {
  const lines = [
    ...statistics(timed, loadMilliseconds),
    ...(backend === 'cpu' ? [] : [`backend: ${backend}, float32`]),
  ];
  const text = printableLines(lines.join('\n'));
  sayStyled(`${styleText('dim', text, { stream: process.stderr })}\n`);
}

function statistics({ completion, tokensPerSecond }: TimedGeneration, loadMilliseconds: number): string[] {
  const { tokens, promptTokens, stop, decodeForwards, prefillForwards, tokensPerForward } = completion;
  const [load, prefill, decode] = [loadMilliseconds, completion.prefillMilliseconds, completion.decodeMilliseconds].map(
    inWords,
  );
  const speed = tokensPerSecond === null ? '' : ` (${tokensPerSecond.toFixed(1)} tokens/s)`;
  return [
    `${counted(tokens.length)}, ended by ${stop}${stop === 'context limit' ? ' (raise it with --context)' : ''}; ${tokensPerForward.toFixed(2)} per pass`,
    `time: load ${load}, prefill ${prefill} (${counted(promptTokens.length)}), decode ${decode}${speed}`,
    `passes: ${prefillForwards} prefill, ${decodeForwards} decode`,
    ...(completion.drafted > 0 ? [acceptance(completion)] : []),
  ];
}

function acceptance({ drafted, accepted, acceptanceByDepth }: Completion): string {
  const positions = acceptanceByDepth.map((depth) => `${depth.accepted}/${depth.drafted}`).join(' ');
  return `accepted: ${accepted} of ${drafted} drafted tokens; by position ${positions}`;
}

function counted(tokens: number): string {
  return `${tokens} token${tokens === 1 ? '' : 's'}`;
}

/** A time of at least three digits. */
function inWords(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds >= 100 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toPrecision(3)} ms`;
}
