/**
 * From logits to the probability distribution (law) that a token is drawn from.
 *
 * The order is that of transformers 5.23.0 (`generation/utils.py`, `_get_logits_processor`):
 *
 * 1. logit bias, which does not exist there, and bias of sequences (`sequence_bias`)
 * 2. reward for the prompt (`encoder_repetition_penalty`), repetition penalty
 * 3. frequency and presence penalty, which do not exist there; they come after the repetition penalty, as in vLLM
 * 4. n-grams of the text and of the prompt (`no_repeat_ngram_size`, `encoder_no_repeat_ngram_size`), `bad_words_ids`
 * 5. end-of-text tokens of a text that is still too short (`min_length`, `min_new_tokens`)
 * 6. forced tokens (`forced_bos_token_id`, `forced_eos_token_id`)
 * 7. `remove_invalid_values`, `exponential_decay_length_penalty`
 * 8. banned tokens (`suppress_tokens`, `begin_suppress_tokens`)
 * 9. settings that shape the distribution: temperature, top-h, top-k, top-p, min-p, typical-p, epsilon and eta cutoff;
 * not at temperature 0
 *
 * `renormalize_logits` comes last there and does not change the distribution.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { banWords } from './bad-words.ts';
import { banTokens } from './banned-tokens.ts';
import { rewardPrompt } from './encoder-repetition-penalty.ts';
import { keepAtLeast } from './epsilon-cutoff.ts';
import { keepEta } from './eta-cutoff.ts';
import { favourEos } from './exponential-decay.ts';
import { forceTokens } from './forced-tokens.ts';
import { replaceInvalid } from './invalid-values.ts';
import { addBias } from './logit-bias.ts';
import { holdBackEos } from './min-length.ts';
import { keepMinP } from './min-p.ts';
import { banSeenNgrams } from './no-repeat-ngram.ts';
import { penalizeOccurrences } from './occurrence-penalties.ts';
import { penalizeRepetition } from './repetition-penalty.ts';
import { addSequenceBias } from './sequence-bias.ts';
import type { SamplingSettings } from './settings.ts';
import { argmax, softmax } from './softmax.ts';
import { divideByTemperature } from './temperature.ts';
import { keepTopH } from './top-h.ts';
import { keepTopK } from './top-k.ts';
import { keepTopP } from './top-p.ts';
import { keepTypical } from './typical-p.ts';

/** The text before the token to be drawn. */
export interface TextContext {
  /** Prompt, generated tokens, and the drafted tokens before this row. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
}

/** Turns logits into distributions (laws). */
export interface Sampler {
  readonly settings: SamplingSettings;
  /**
   * A new law; the logits are not changed.
   * @shape logits, result: [V]
   */
  law(logits: Float64Array, context: TextContext): Float64Array;
  /**
   * New logits with bans and penalties applied (steps 1 to 8), before anything that only shapes a draw: they rank
   * tokens at every temperature.
   * @shape logits, result: [V]
   */
  scores(logits: Float64Array, context: TextContext): Float64Array;
}

/**
 * Makes a sampler. It keeps no state: penalties and lengths count the text that they are given. So a rejected draft is
 * never counted, an accepted one is counted once, and the rows of a draft may be requested in any order. Engines that
 * update counts incrementally have dropped the penalties under speculation, or counted rejected drafts.
 *
 * At temperature 0 the law is a point mass on the largest processed logit, the lowest id on ties.
 * @throws {@link LawError} from `law` and `scores`, when the logits are not V numbers below infinity (NaN is refused
 * even under a ban), or no token is left.
 * @example
 * import assert from 'node:assert/strict';
 * import { checkSettings, createSampler } from 'turbo-lora/sampling';
 * const sampler = createSampler(checkSettings({ temperature: 1, topK: 2 }, 3), 3);
 * assert.deepEqual([...sampler.law(Float64Array.of(1, 0, 1), { tokens: [0], promptLength: 1 })], [0.5, 0, 0.5]);
 */
export function createSampler(settings: SamplingSettings, vocabularySize: number): Sampler {
  const scores: Sampler['scores'] = (logits, context) => {
    if (logits.length !== vocabularySize) {
      throw new LawError('logits', `${vocabularySize} of them`, `${logits.length}`);
    }
    if (!settings.removeInvalidValues) argmax(logits); // refuses NaN before a ban can hide it
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
      shape(processed, settings);
      return softmax(processed);
    },
  };
}

function pointMass(token: number, vocabularySize: number): Float64Array {
  const law = new Float64Array(vocabularySize);
  law[token] = 1;
  return law;
}

/** Steps 1 to 8: which tokens are possible and how the text changes their logits; applies to greedy decoding too. */
function process(logits: Float64Array, settings: SamplingSettings, { tokens, promptLength }: TextContext): void {
  weigh(logits, settings, tokens, promptLength);
  const { noRepeatNgramSize, encoderNoRepeatNgramSize, eosTokens, minLength, minNewTokens } = settings;
  const generated = tokens.length - promptLength;
  if (noRepeatNgramSize > 0) banSeenNgrams(logits, tokens, tokens, noRepeatNgramSize);
  if (encoderNoRepeatNgramSize > 0) {
    banSeenNgrams(logits, tokens.slice(0, promptLength), tokens, encoderNoRepeatNgramSize);
  }
  banWords(logits, tokens, settings.badWords, eosTokens);
  holdBackEos(logits, tokens.length, minLength, eosTokens);
  holdBackEos(logits, generated, minNewTokens, eosTokens);
  force(logits, settings, tokens.length, generated);
  if (settings.removeInvalidValues) replaceInvalid(logits);
  const { exponentialDecayLengthPenalty: decay } = settings;
  if (decay[1] !== 1) favourEos(logits, generated, decay, eosTokens);
  banTokens(logits, settings.bannedTokens);
  if (generated === firstFree(settings, promptLength)) banTokens(logits, settings.beginSuppressTokens);
}

/** Steps 1 to 3: biases and penalties. */
function weigh(
  logits: Float64Array,
  settings: SamplingSettings,
  tokens: readonly number[],
  promptLength: number,
): void {
  const { sequenceBias, encoderRepetitionPenalty, repetitionPenalty, frequencyPenalty, presencePenalty } = settings;
  addBias(logits, settings.logitBias);
  if (sequenceBias.length > 0) addSequenceBias(logits, tokens, sequenceBias);
  if (encoderRepetitionPenalty !== 1) rewardPrompt(logits, tokens.slice(0, promptLength), encoderRepetitionPenalty);
  if (repetitionPenalty !== 1) penalizeRepetition(logits, tokens, repetitionPenalty);
  if (frequencyPenalty !== 0 || presencePenalty !== 0) {
    penalizeOccurrences(logits, tokens.slice(promptLength), frequencyPenalty, presencePenalty);
  }
}

/** Step 6: a BOS token after a prompt of one token, an EOS token as the last one. */
function force(logits: Float64Array, settings: SamplingSettings, length: number, generated: number): void {
  const { forcedBosTokens, forcedEosTokens, maxNewTokens } = settings;
  if (forcedBosTokens.length > 0 && length === 1) forceTokens(logits, forcedBosTokens);
  if (forcedEosTokens.length > 0 && generated === maxNewTokens - 1) forceTokens(logits, forcedEosTokens);
}

/** How many generated tokens precede the first that is not forced at the beginning. */
function firstFree({ forcedBosTokens }: SamplingSettings, promptLength: number): number {
  return promptLength > 1 || forcedBosTokens.length === 0 ? 0 : 1;
}

/** Step 9: settings that shape the distribution of a draw. */
function shape(logits: Float64Array, settings: SamplingSettings): void {
  const { temperature, topH, topK, topP, minP, typicalP, epsilonCutoff, etaCutoff } = settings;
  divideByTemperature(logits, temperature);
  if (topH > 0) keepTopH(logits, topH);
  if (topK > 0) keepTopK(logits, topK);
  if (topP < 1) keepTopP(logits, topP);
  if (minP > 0) keepMinP(logits, minP);
  if (typicalP < 1) keepTypical(logits, typicalP);
  if (epsilonCutoff > 0) keepAtLeast(logits, epsilonCutoff);
  if (etaCutoff > 0) keepEta(logits, etaCutoff);
}
