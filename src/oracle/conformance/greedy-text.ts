/**
 * Whether a text is greedy: at each position its token is the most likely one after the text before it, or so near to
 * it that the engine's number format cannot tell. The text itself is followed, so that a near tie decided the other way
 * is not held against what comes after it.
 * @packageDocumentation
 */

import { createSampler, type Sampler } from '../../sampling/sampler.ts';
import { checkSettings } from '../../sampling/settings.ts';
import { argmax } from '../../sampling/softmax.ts';
import { type AdaptedModel, exactLogits } from '../noise/emulated-logits.ts';
import { ALLOWED_NOISE } from '../noise/noise.ts';
import type { AskedText } from './operations/generate.ts';

/** Where a text first leaves what it should be. */
export interface Divergence {
  /** New tokens before it. */
  readonly position: number;
  readonly expected: string;
  readonly got: string;
  /** How much less likely its token is: the difference of the two logits, in units of the noise. */
  readonly gap?: number;
}

/** How a text compares with plain greedy decoding in float64. */
export interface GreedyReading {
  /** Null: it is greedy. */
  readonly divergence: Divergence | null;
  /** Positions of tokens that are not the most likely ones, and nearly are. */
  readonly nearTies: readonly number[];
}

/** The noise of each row of a text's logits; null when it is not known. */
export type NoiseAfter = (tokens: readonly number[]) => Float64Array | null;

/**
 * Reads a text as a greedy one.
 * @throws as {@link exactLogits} does.
 */
export function readGreedy(
  model: AdaptedModel,
  asked: AskedText,
  text: readonly number[],
  noise: NoiseAfter,
): GreedyReading {
  const { prompt, sampling } = asked;
  const { vocabularySize } = model.transformer.config;
  const alien = text.findIndex((token) => token >= vocabularySize);
  const known = alien < 0 ? text : text.slice(0, alien);
  const whole = [...prompt, ...known.slice(0, asked.maxTokens)];
  const given = Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== null));
  const sampler = createSampler(checkSettings(given, vocabularySize), vocabularySize);
  const rows = exactLogits(model, whole);
  const nearTies: number[] = [];
  let units: Float64Array | null = null;
  for (const [position, token] of known.entries()) {
    const ended = endingAt(asked, text, position);
    if (ended !== null) return { divergence: ended, nearTies };
    const row = prompt.length + position - 1;
    const scores = scoresAt(sampler, rows[row]!, whole.slice(0, row + 1), prompt.length);
    const best = argmax(scores);
    if (token === best) continue;
    units ??= noise(whole);
    const gap = (scores[best]! - scores[token]!) / (units?.[row] ?? Number.NaN);
    if (!(gap <= 2 * ALLOWED_NOISE * largestFactor(asked))) {
      return { divergence: { position, expected: `${best}`, got: `${token}`, gap }, nearTies };
    }
    nearTies.push(position);
  }
  return { divergence: endingAt(asked, text, known.length) ?? outside(text, alien, vocabularySize), nearTies };
}

function scoresAt(sampler: Sampler, row: Float64Array, tokens: readonly number[], promptLength: number): Float64Array {
  return sampler.scores(row, { tokens, promptLength });
}

/** A repetition penalty multiplies negative logits, and what they are off. */
function largestFactor({ sampling: { repetitionPenalty } }: AskedText): number {
  return repetitionPenalty === null ? 1 : Math.max(repetitionPenalty, 1 / repetitionPenalty);
}

/** What is wrong with the length of a text, at the first position where it shows. */
function endingAt({ maxTokens, endTokens }: AskedText, text: readonly number[], position: number): Divergence | null {
  const isOver = position === text.length;
  const got = isOver ? 'the end' : `${text[position]}`;
  const last = position > 0 ? text[position - 1]! : null;
  if (last !== null && endTokens.includes(last)) return isOver ? null : { position, expected: 'the end', got };
  if (position === maxTokens) return isOver ? null : { position, expected: `the end, after ${maxTokens} tokens`, got };
  return isOver ? { position, expected: 'another token', got } : null;
}

function outside(text: readonly number[], position: number, vocabularySize: number): Divergence | null {
  if (position < 0) return null;
  return { position, expected: `a token below ${vocabularySize}`, got: `${text[position]}` };
}
