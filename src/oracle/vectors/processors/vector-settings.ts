/**
 * Sampling settings as files of vectors and requests to engines name them: the names of transformers' generation
 * config, and of the completions API of OpenAI where that has none.
 * @packageDocumentation
 */
import { z } from 'zod';
import { checkSettings, type SamplingInput, type SamplingSettings } from '../../../sampling/settings.ts';

/** Sampling settings. An absent one has no effect; an absent temperature is 1, and 0 is greedy. */
export interface VectorSettings {
  readonly temperature?: number | undefined;
  readonly top_h?: number | undefined;
  readonly top_k?: number | undefined;
  readonly top_p?: number | undefined;
  readonly min_p?: number | undefined;
  readonly typical_p?: number | undefined;
  readonly epsilon_cutoff?: number | undefined;
  readonly eta_cutoff?: number | undefined;
  readonly repetition_penalty?: number | undefined;
  readonly encoder_repetition_penalty?: number | undefined;
  readonly frequency_penalty?: number | undefined;
  readonly presence_penalty?: number | undefined;
  readonly no_repeat_ngram_size?: number | undefined;
  readonly encoder_no_repeat_ngram_size?: number | undefined;
  readonly logit_bias?: readonly (readonly [token: number, bias: number])[] | undefined;
  readonly sequence_bias?: readonly (readonly [sequence: readonly number[], bias: number])[] | undefined;
  readonly bad_words_ids?: readonly (readonly number[])[] | undefined;
  readonly suppress_tokens?: readonly number[] | undefined;
  readonly begin_suppress_tokens?: readonly number[] | undefined;
  readonly forced_bos_token_id?: readonly number[] | undefined;
  readonly forced_eos_token_id?: readonly number[] | undefined;
  readonly min_length?: number | undefined;
  readonly min_new_tokens?: number | undefined;
  readonly max_new_tokens?: number | undefined;
  readonly exponential_decay_length_penalty?: readonly [start: number, factor: number] | undefined;
  readonly eos_token_id?: readonly number[] | undefined;
}

const token = z.int().min(0);
const tokens = z.array(token).min(1).readonly();
const share = z.number().min(0).max(1).optional();
const number = z.number().optional();
const count = z.int().min(0).optional();

/** The schema of settings. Their ranges are those of the sampler. */
export const settingsShape = z
  .strictObject({
    temperature: z.number().min(0).optional().describe('Default 1; 0 is greedy.'),
    top_h: share,
    top_k: count,
    top_p: share,
    min_p: share,
    typical_p: share,
    epsilon_cutoff: share,
    eta_cutoff: share,
    repetition_penalty: number.describe('Counts prompt, generated and drafted tokens.'),
    encoder_repetition_penalty: number.describe('Rewards tokens of the prompt.'),
    frequency_penalty: number.describe('Counts generated and drafted tokens.'),
    presence_penalty: number.describe('Counts generated and drafted tokens.'),
    no_repeat_ngram_size: count,
    encoder_no_repeat_ngram_size: count,
    logit_bias: z
      .array(z.tuple([token, z.number()]).readonly())
      .readonly()
      .optional(),
    sequence_bias: z
      .array(z.tuple([tokens, z.number()]).readonly())
      .readonly()
      .optional(),
    bad_words_ids: z.array(tokens).readonly().optional(),
    suppress_tokens: tokens.optional(),
    begin_suppress_tokens: tokens.optional(),
    forced_bos_token_id: tokens.optional(),
    forced_eos_token_id: tokens.optional(),
    min_length: count.describe('Prompt included.'),
    min_new_tokens: count,
    max_new_tokens: z.int().min(1).optional(),
    exponential_decay_length_penalty: z
      .tuple([z.int().min(0), z.number()])
      .readonly()
      .optional(),
    eos_token_id: tokens.optional().describe('Every token that ends a text.'),
  })
  .describe('Sampling settings; an absent one has no effect.') satisfies z.ZodType<VectorSettings>;

/** How each setting is called in this package. */
const OPTIONS: Readonly<Record<keyof VectorSettings, keyof SamplingInput>> = {
  ...{ temperature: 'temperature', top_h: 'topH', top_k: 'topK', top_p: 'topP', min_p: 'minP', typical_p: 'typicalP' },
  ...{ epsilon_cutoff: 'epsilonCutoff', eta_cutoff: 'etaCutoff', repetition_penalty: 'repetitionPenalty' },
  ...{ encoder_repetition_penalty: 'encoderRepetitionPenalty', frequency_penalty: 'frequencyPenalty' },
  ...{ presence_penalty: 'presencePenalty', no_repeat_ngram_size: 'noRepeatNgramSize' },
  ...{ encoder_no_repeat_ngram_size: 'encoderNoRepeatNgramSize', logit_bias: 'logitBias' },
  ...{ sequence_bias: 'sequenceBias', bad_words_ids: 'badWords', suppress_tokens: 'bannedTokens' },
  ...{ begin_suppress_tokens: 'beginSuppressTokens', forced_bos_token_id: 'forcedBosTokens' },
  ...{ forced_eos_token_id: 'forcedEosTokens', min_length: 'minLength', min_new_tokens: 'minNewTokens' },
  ...{ max_new_tokens: 'maxNewTokens', exponential_decay_length_penalty: 'exponentialDecayLengthPenalty' },
  eos_token_id: 'eosTokens',
};

/**
 * Settings as the sampler takes them.
 * @throws {@link OptionError}, {@link TokenError} and {@link ConflictError} as {@link checkSettings} does.
 */
export function samplerSettings(settings: VectorSettings, vocabulary: number): SamplingSettings {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const named = given.map(([key, value]) => [
    OPTIONS[key as keyof VectorSettings],
    key === 'logit_bias' ? new Map(value) : value,
  ]);
  return checkSettings({ temperature: 1, ...Object.fromEntries(named) }, vocabulary);
}
