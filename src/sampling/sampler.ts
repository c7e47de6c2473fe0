/**
 * Logits to the law that a token is drawn from.
 *
 * The order is that of transformers (`generation/utils.py`, `_get_logits_processor`): logit bias, repetition penalty,
 * [frequency and presence penalty], banned tokens, minimum length, then temperature, top-k, top-p, min-p. The two
 * bracketed ones do not exist there; they stand behind the repetition penalty, as in vLLM, since both count the text.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { banTokens } from './banned-tokens.ts';
import { addBias } from './logit-bias.ts';
import { keepMinP } from './min-p.ts';
import { penalizeOccurrences } from './occurrence-penalties.ts';
import { penalizeRepetition } from './repetition-penalty.ts';
import type { SamplingSettings } from './settings.ts';
import { argmax, softmax } from './softmax.ts';
import { keepTopK } from './top-k.ts';
import { keepTopP } from './top-p.ts';

/** The text before the token that is to be drawn. */
export interface TextContext {
  /** Prompt, generated tokens, and the drafted tokens before this row. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
}

/** Turns logits into laws. */
export interface Sampler {
  readonly settings: SamplingSettings;
  /** @shape logits, result: [V] */
  law(logits: Float64Array, context: TextContext): Float64Array;
}

/**
 * Makes a sampler. It keeps no state: penalties count the text that they are handed, so a rejected draft can never have
 * been counted and an accepted one is counted once (the faults of vLLM#18902 and vmlx-swift#357 cannot be written down).
 *
 * At temperature 0 the law is a point mass on the largest processed logit, the lowest id on ties.
 * @throws {@link LawError} from `law`, when logits are NaN or no token is left.
 * @example
 * import assert from 'node:assert/strict';
 * import { checkSettings, createSampler } from 'turbo-lora';
 * const sampler = createSampler(checkSettings({ temperature: 1, topK: 2 }, 3), 3);
 * assert.deepEqual([...sampler.law(Float64Array.of(1, 0, 1), { tokens: [0], promptLength: 1 })], [0.5, 0, 0.5]);
 */
export function createSampler(settings: SamplingSettings, vocabularySize: number): Sampler {
  return {
    settings,
    law(logits, context) {
      if (logits.length !== vocabularySize)
        throw new LawError('logits', `${vocabularySize} of them`, `${logits.length}`);
      const processed = Float64Array.from(logits);
      process(processed, settings, context);
      if (settings.temperature === 0) {
        const law = new Float64Array(vocabularySize);
        law[argmax(processed)] = 1;
        return law;
      }
      warp(processed, settings);
      return softmax(processed);
    },
  };
}

/** What changes which tokens may come and how the text weighs on them; applies to greedy decoding too. */
function process(logits: Float64Array, settings: SamplingSettings, { tokens, promptLength }: TextContext): void {
  const { repetitionPenalty, frequencyPenalty, presencePenalty, minNewTokens } = settings;
  addBias(logits, settings.logitBias);
  if (repetitionPenalty !== 1) penalizeRepetition(logits, tokens, repetitionPenalty);
  if (frequencyPenalty !== 0 || presencePenalty !== 0) {
    penalizeOccurrences(logits, tokens.slice(promptLength), frequencyPenalty, presencePenalty);
  }
  banTokens(logits, settings.bannedTokens);
  if (tokens.length - promptLength < minNewTokens) banTokens(logits, settings.eosTokens);
}

/** What shapes the law of a draw. */
function warp(logits: Float64Array, { temperature, topK, topP, minP }: SamplingSettings): void {
  if (temperature !== 1) for (let i = 0; i < logits.length; i++) logits[i]! /= temperature;
  if (topK > 0) keepTopK(logits, topK);
  if (topP < 1) keepTopP(logits, topP);
  if (minP > 0) keepMinP(logits, minP);
}
