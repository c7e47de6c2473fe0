/**
 * Sampling settings, checked before anything is generated.
 * @packageDocumentation
 */
import { OptionError, TokenError } from '../errors.ts';
import { checkNumbers, type NumberSettings } from './number-settings.ts';
import { checkTokenSettings, type TokenInput, type TokenSettings } from './token-settings.ts';

/** Complete settings. */
export interface SamplingSettings extends NumberSettings, TokenSettings {
  /**
   * After this many generated tokens, logits of `eosTokens` grow by `|z| (factor^n - 1)` at the n-th further token;
   * factor 1 is off.
   */
  readonly exponentialDecayLengthPenalty: readonly [start: number, factor: number];
  /** Replaces NaN logits by 0 and infinite ones by the largest or smallest finite number; otherwise both are errors. */
  readonly removeInvalidValues: boolean;
}

/** Settings as a caller gives them: all optional. */
export interface SamplingInput extends Partial<Omit<SamplingSettings, 'logitBias'>>, TokenInput {}

/**
 * Completes and checks settings. `minNewTokens`, if given, replaces `minLength`.
 * @throws {@link OptionError} for a value outside its range; {@link TokenError} for a token outside the vocabulary, or
 * when bans leave no token to generate; {@link ConflictError} when all forced tokens are banned.
 * @source `minLength`: transformers `generation/utils.py` (`_prepare_generated_length`)
 * @example
 * import assert from 'node:assert/strict';
 * import { checkSettings } from 'turbo-lora/sampling';
 * assert.equal(checkSettings({ topK: 5 }, 100).temperature, 0);
 * assert.throws(() => checkSettings({ temperature: -1 }, 100), { name: 'OptionError' });
 */
export function checkSettings(input: SamplingInput, vocabularySize: number): SamplingSettings {
  const numbers = checkNumbers(input);
  const settings: SamplingSettings = {
    ...numbers,
    ...checkTokenSettings(input, vocabularySize),
    minLength: input.minNewTokens === undefined ? numbers.minLength : 0,
    exponentialDecayLengthPenalty: checkDecay(input.exponentialDecayLengthPenalty),
    removeInvalidValues: checkFlag('remove invalid values', input.removeInvalidValues),
  };
  if (bannedAtFirst(settings).size >= vocabularySize) {
    throw new TokenError('banned tokens', 'at least one token left', 'all tokens banned');
  }
  return settings;
}

/** Tokens that can never come first, whatever the text. */
function bannedAtFirst(settings: SamplingSettings): ReadonlySet<number> {
  const { bannedTokens, beginSuppressTokens, badWords, sequenceBias, logitBias, eosTokens } = settings;
  const biases = [...[...logitBias].map(([token, bias]) => [[token], bias] as const), ...sequenceBias];
  const biased = biases.filter(([, bias]) => bias === Number.NEGATIVE_INFINITY).map(([sequence]) => sequence);
  const words = badWords.filter(([token]) => !eosTokens.includes(token!));
  const single = [...biased, ...words].filter((sequence) => sequence.length === 1).map(([token]) => token!);
  const early = settings.minNewTokens > 0 ? eosTokens : [];
  const begin = settings.forcedBosTokens.length > 0 ? [] : beginSuppressTokens;
  return new Set([...bannedTokens, ...begin, ...single, ...early]);
}

function checkDecay(input: unknown): [start: number, factor: number] {
  if (input === undefined) return [0, 1];
  const label = 'exponential decay length penalty';
  const [start, factor] = Array.isArray(input) && input.length === 2 ? input : [];
  const fits = Number.isSafeInteger(start) && start >= 0 && Number.isFinite(factor) && factor > 0;
  if (!fits) throw new OptionError(label, 'an integer of at least 0 and a finite number above 0', String(input));
  return [start, factor];
}

function checkFlag(label: string, input: unknown): boolean {
  if (input === undefined) return false;
  if (typeof input !== 'boolean') throw new OptionError(label, 'true or false', String(input));
  return input;
}
