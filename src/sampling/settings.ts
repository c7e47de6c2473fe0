/**
 * Settings of sampling, checked before anything is generated.
 * @packageDocumentation
 */
import { OptionError, TokenError } from '../errors.ts';

/** Complete settings. */
export interface SamplingSettings {
  /** Divides the logits; 0 (the default) is greedy and leaves top-k, top-p and min-p without effect. */
  readonly temperature: number;
  /** Keep the k largest logits; 0 is off. */
  readonly topK: number;
  /** Keep the smallest set of most likely tokens of at least this mass; 1 is off, 0 keeps one token. */
  readonly topP: number;
  /** Keep tokens of at least this share of the largest probability; 0 is off. */
  readonly minP: number;
  /** Divides positive and multiplies negative logits of tokens in the text; 1 is off. */
  readonly repetitionPenalty: number;
  /** Subtracted per generated occurrence; 0 is off, a negative one rewards. */
  readonly frequencyPenalty: number;
  /** Subtracted once per generated token; 0 is off. */
  readonly presencePenalty: number;
  /** Added to the logits of these tokens; minus infinity is a ban. */
  readonly logitBias: ReadonlyMap<number, number>;
  /** Tokens that are never generated. */
  readonly bannedTokens: readonly number[];
  /** No token of `eosTokens` before this many generated ones; without effect when there are none. */
  readonly minNewTokens: number;
  /** Tokens that end a text. */
  readonly eosTokens: readonly number[];
}

/** Settings as a caller gives them: all optional. */
export interface SamplingInput extends Partial<Omit<SamplingSettings, 'logitBias'>> {
  readonly logitBias?: ReadonlyMap<number, number> | Readonly<Record<number, number>>;
}

function inRange(label: string, value: number, fits: boolean, expected: string): void {
  // The type is looked at too: null and '1' pass as numbers in every comparison.
  if (typeof value !== 'number' || !fits) throw new OptionError(label, expected, `${value}`);
}

/**
 * Completes and checks settings.
 * @throws {@link OptionError} for a number outside its range; {@link TokenError} for a token outside the vocabulary, or
 * when bans leave no token to generate.
 * @example
 * import assert from 'node:assert/strict';
 * import { checkSettings } from 'turbo-lora';
 * assert.equal(checkSettings({ topK: 5 }, 100).temperature, 0);
 * assert.throws(() => checkSettings({ temperature: -1 }, 100), { name: 'OptionError' });
 */
export function checkSettings(input: SamplingInput, vocabularySize: number): SamplingSettings {
  const { temperature = 0, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 } = input;
  const { frequencyPenalty = 0, presencePenalty = 0, minNewTokens = 0, bannedTokens = [], eosTokens = [] } = input;
  inRange('temperature', temperature, temperature >= 0 && temperature < Infinity, 'a finite number of at least 0');
  inRange('top-k', topK, Number.isInteger(topK) && topK >= 0, 'an integer of at least 0');
  inRange('top-p', topP, topP >= 0 && topP <= 1, 'a number in [0, 1]');
  inRange('min-p', minP, minP >= 0 && minP <= 1, 'a number in [0, 1]');
  const divides = repetitionPenalty > 0 && repetitionPenalty < Infinity;
  inRange('repetition penalty', repetitionPenalty, divides, 'a finite number above 0');
  inRange('frequency penalty', frequencyPenalty, Number.isFinite(frequencyPenalty), 'a finite number');
  inRange('presence penalty', presencePenalty, Number.isFinite(presencePenalty), 'a finite number');
  const counts = Number.isInteger(minNewTokens) && minNewTokens >= 0;
  inRange('min new tokens', minNewTokens, counts, 'an integer of at least 0');
  const logitBias = biasOf(input.logitBias);
  const named = { 'banned token': bannedTokens, 'EOS token': eosTokens, 'biased token': [...logitBias.keys()] };
  for (const [label, tokens] of Object.entries(named)) checkTokens(label, tokens, vocabularySize);
  const forbidden = [...logitBias.keys()].filter((token) => logitBias.get(token) === Number.NEGATIVE_INFINITY);
  const early = minNewTokens > 0 ? eosTokens : [];
  if (new Set([...bannedTokens, ...forbidden, ...early]).size >= vocabularySize) {
    throw new TokenError('banned tokens', 'at least one token left', 'all tokens banned');
  }
  const copies = { bannedTokens: [...bannedTokens], eosTokens: [...eosTokens] };
  const penalties = { repetitionPenalty, frequencyPenalty, presencePenalty };
  return { temperature, topK, topP, minP, ...penalties, logitBias, minNewTokens, ...copies };
}

function biasOf(input: SamplingInput['logitBias'] = {}): Map<number, number> {
  // Number('') is 0, which is a token.
  const id = (key: string): number => (key.trim() === '' ? Number.NaN : Number(key));
  const entries = input instanceof Map ? [...input] : Object.entries(input).map(([key, bias]) => [id(key), bias]);
  const bias = new Map(entries as [number, number][]);
  for (const [token, value] of bias) {
    // Minus infinity is a ban; plus infinity would make a law of NaN.
    inRange(`bias of token ${token}`, value, value < Infinity, 'a number below infinity');
  }
  return bias;
}

function checkTokens(label: string, tokens: readonly number[], vocabularySize: number): void {
  for (const token of tokens) {
    if (!Number.isInteger(token) || token < 0 || token >= vocabularySize) {
      throw new TokenError(label, `an id in [0, ${vocabularySize})`, `${token}`);
    }
  }
}
