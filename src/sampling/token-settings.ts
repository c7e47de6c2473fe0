/**
 * Sampling settings that name tokens: biases, bans, forced tokens, and the tokens that end a text.
 * @packageDocumentation
 */
import { ConflictError, OptionError } from '../errors.ts';
import { checkToken } from '../numerics/token.ts';

/** A bias on the last token of a sequence, applied where the text ends with the other tokens. */
export type SequenceBias = readonly [sequence: readonly number[], bias: number];

/** Settings that name tokens. */
export interface TokenSettings {
  /** Added to the logits of these tokens; minus infinity is a ban. */
  readonly logitBias: ReadonlyMap<number, number>;
  /** Added where a token would complete the sequence; if a sequence has two biases, the last counts. */
  readonly sequenceBias: readonly SequenceBias[];
  /** Sequences that are never completed. A sequence that is a single token of `eosTokens` is ignored. */
  readonly badWords: readonly (readonly number[])[];
  /** Tokens that are never generated. */
  readonly bannedTokens: readonly number[];
  /** Tokens that are never generated first, or second if the first is forced by `forcedBosTokens`. */
  readonly beginSuppressTokens: readonly number[];
  /** One of these follows a prompt of a single token. */
  readonly forcedBosTokens: readonly number[];
  /** One of these is the last of `maxNewTokens` tokens. */
  readonly forcedEosTokens: readonly number[];
  /** Tokens that end a text. */
  readonly eosTokens: readonly number[];
}

/** Token settings as a caller gives them. */
export interface TokenInput extends Partial<Omit<TokenSettings, 'logitBias'>> {
  /** A map, or a record whose keys are token ids. */
  readonly logitBias?: ReadonlyMap<number, number> | Readonly<Record<number, number>>;
}

const LISTS = {
  bannedTokens: 'banned token',
  beginSuppressTokens: 'begin-suppress token',
  forcedBosTokens: 'forced BOS token',
  forcedEosTokens: 'forced EOS token',
  eosTokens: 'EOS token',
} as const;

/**
 * Completes, checks and copies token settings; an absent or undefined setting names no tokens.
 * @throws {@link TokenError} for a token outside the vocabulary; {@link OptionError} for anything that is not a list of
 * tokens, or a bias that is not a number below infinity; {@link ConflictError} when all forced tokens are banned.
 */
export function checkTokenSettings(input: TokenInput, vocabularySize: number): TokenSettings {
  const list = (key: keyof typeof LISTS): number[] => tokensOf(LISTS[key], input[key], vocabularySize);
  const settings: TokenSettings = {
    logitBias: logitBiasOf(input.logitBias, vocabularySize),
    sequenceBias: sequenceBiasOf(input.sequenceBias, vocabularySize),
    badWords: listOf('bad words', input.badWords).map((word) => sequenceOf('bad word', word, vocabularySize)),
    bannedTokens: list('bannedTokens'),
    beginSuppressTokens: list('beginSuppressTokens'),
    forcedBosTokens: list('forcedBosTokens'),
    forcedEosTokens: list('forcedEosTokens'),
    eosTokens: list('eosTokens'),
  };
  for (const key of ['forcedBosTokens', 'forcedEosTokens'] as const) {
    const forced = settings[key];
    if (forced.length > 0 && forced.every((token) => settings.bannedTokens.includes(token))) {
      throw new ConflictError(`${LISTS[key]}s`, 'one that is not banned', forced.join(', '));
    }
  }
  return settings;
}

function listOf(label: string, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  // A string or a set would be taken apart silently.
  if (!Array.isArray(value)) throw new OptionError(label, 'a list', shown(value));
  return value;
}

function tokensOf(label: string, value: unknown, vocabularySize: number): number[] {
  return listOf(`${label}s`, value).map((token) => checkToken(label, token, vocabularySize));
}

function sequenceOf(label: string, value: unknown, vocabularySize: number): number[] {
  const tokens = tokensOf(label, value, vocabularySize);
  if (tokens.length === 0) throw new OptionError(label, 'at least one token', 'none');
  return tokens;
}

function checkBias(label: string, bias: unknown): number {
  // Minus infinity is a ban; plus infinity would make the distribution NaN.
  if (typeof bias !== 'number' || !(bias < Infinity)) {
    throw new OptionError(label, 'a number below infinity', shown(bias));
  }
  return bias;
}

function logitBiasOf(input: unknown, vocabularySize: number): Map<number, number> {
  if (input === undefined) return new Map();
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new OptionError('logit bias', 'a map or a record from token ids to numbers', shown(input));
  }
  // Number('') is 0, which is a valid token.
  const id = (key: string): number => (/^\d+$/.test(key) ? Number(key) : Number.NaN);
  const entries = input instanceof Map ? [...input] : Object.entries(input).map(([key, bias]) => [id(key), bias]);
  const checked = entries.map(([token, bias]): [number, number] => [
    checkToken('biased token', token, vocabularySize),
    checkBias(`bias of token ${token}`, bias),
  ]);
  return new Map(checked);
}

function sequenceBiasOf(input: unknown, vocabularySize: number): SequenceBias[] {
  const last = new Map<string, SequenceBias>();
  for (const entry of listOf('sequence bias', input)) {
    if (!Array.isArray(entry) || entry.length !== 2) {
      throw new OptionError('sequence bias', 'pairs of tokens and a bias', shown(entry));
    }
    const sequence = sequenceOf('biased sequence', entry[0], vocabularySize);
    last.set(sequence.join(), [sequence, checkBias(`bias of sequence ${sequence.join()}`, entry[1])]);
  }
  return [...last.values()];
}

function shown(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}
