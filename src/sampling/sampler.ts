/**
 * Logits to the law that a token is drawn from.
 *
 * The order is that of transformers 5.23.0 (`generation/utils.py`, `_get_logits_processor`):
 *
 * 1. logit bias (`sequence_bias`)
 * 2. repetition penalty
 * 3. frequency and presence penalty, which do not exist there; they stand behind the repetition penalty, as in vLLM,
 *    and like all that depends on the text before what only shapes the law
 * 4. banned tokens (`bad_words_ids`, `suppress_tokens`; a ban before or after 5 is the same)
 * 5. end-of-text tokens of a text that is still too short (`min_new_tokens`)
 * 6. temperature, top-k, top-p, min-p; not at temperature 0
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { banTokens } from './banned-tokens.ts';
import { addBias } from './logit-bias.ts';
import { holdBackEos } from './min-new-tokens.ts';
import { keepMinP } from './min-p.ts';
import { penalizeOccurrences } from './occurrence-penalties.ts';
import { penalizeRepetition } from './repetition-penalty.ts';
import type { SamplingSettings } from './settings.ts';
import { argmax, softmax } from './softmax.ts';
import { divideByTemperature } from './temperature.ts';
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
  /**
   * A new law; the logits stay as they are.
   * @shape logits, result: [V]
   */
  law(logits: Float64Array, context: TextContext): Float64Array;
  /**
   * New logits with bans and penalties applied (steps 1 to 5), before anything that only shapes a draw: what ranks tokens at
   * every temperature.
   * @shape logits, result: [V]
   */
  scores(logits: Float64Array, context: TextContext): Float64Array;
}

/**
 * Makes a sampler. It keeps no state: penalties and lengths count the text that they are handed. So a rejected draft
 * can never have been counted, an accepted one is counted once, and the rows of a draft may be asked for in any order.
 * Engines that update counts as they go have dropped the penalties under speculation, or counted rejected drafts.
 *
 * At temperature 0 the law is a point mass on the largest processed logit, the lowest id on ties.
 * @throws {@link LawError} from `law` and `scores`, when the logits are not V numbers below infinity (a NaN under a ban counts too),
 * or no token is left.
 * @example
 * import assert from 'node:assert/strict';
 * import { checkSettings, createSampler } from 'turbo-lora';
 * const sampler = createSampler(checkSettings({ temperature: 1, topK: 2 }, 3), 3);
 * assert.deepEqual([...sampler.law(Float64Array.of(1, 0, 1), { tokens: [0], promptLength: 1 })], [0.5, 0, 0.5]);
 */
export function createSampler(settings: SamplingSettings, vocabularySize: number): Sampler {
  const scores: Sampler['scores'] = (logits, context) => {
    if (logits.length !== vocabularySize) {
      throw new LawError('logits', `${vocabularySize} of them`, `${logits.length}`);
    }
    argmax(logits); // refuses a NaN before a ban can hide it
    const processed = logits.slice();
    process(processed, settings, context);
    return processed;
  };
  return {
    settings,
    scores,
    law(logits, context) {
      const processed = scores(logits, context);
      if (settings.temperature === 0) return pointMass(argmax(processed), vocabularySize);
      warp(processed, settings);
      return softmax(processed);
    },
  };
}

function pointMass(token: number, vocabularySize: number): Float64Array {
  const law = new Float64Array(vocabularySize);
  law[token] = 1;
  return law;
}

/** Steps 1 to 5: which tokens may come and how the text weighs on them; applies to greedy decoding too. */
function process(logits: Float64Array, settings: SamplingSettings, { tokens, promptLength }: TextContext): void {
  const { repetitionPenalty, frequencyPenalty, presencePenalty } = settings;
  addBias(logits, settings.logitBias);
  if (repetitionPenalty !== 1) penalizeRepetition(logits, tokens, repetitionPenalty);
  if (frequencyPenalty !== 0 || presencePenalty !== 0) {
    penalizeOccurrences(logits, tokens.slice(promptLength), frequencyPenalty, presencePenalty);
  }
  banTokens(logits, settings.bannedTokens);
  holdBackEos(logits, tokens.length - promptLength, settings.minNewTokens, settings.eosTokens);
}

/** Step 6: what shapes the law of a draw. */
function warp(logits: Float64Array, { temperature, topK, topP, minP }: SamplingSettings): void {
  divideByTemperature(logits, temperature);
  if (topK > 0) keepTopK(logits, topK);
  if (topP < 1) keepTopP(logits, topP);
  if (minP > 0) keepMinP(logits, minP);
}
