/**
 * When a text ends.
 * @packageDocumentation
 */
import { ContextLimitError, OptionError, TokenError } from '../errors.ts';

/** Why a text ended. */
export type StopReason = 'eos' | 'stop string' | 'max new tokens' | 'context limit';

/** What ends a text. */
export interface StopSettings {
  readonly promptLength: number;
  /** Tokens to generate at most. */
  readonly maxNewTokens: number;
  /** Longest text, prompt included, in tokens. */
  readonly contextLength: number;
  readonly eosTokens?: readonly number[];
  /** The text ends with the token that completes one of these, wherever token borders fall. */
  readonly stopStrings?: readonly string[];
  /** Text of generated tokens; needed for stop strings. */
  readonly decode?: (tokens: readonly number[]) => string;
}

/** Decides after every single token, so that a block of accepted tokens ends where plain decoding would. */
export interface StopCondition {
  /** Why a text that has just got its last token ends, or null. */
  after(tokens: readonly number[]): StopReason | null;
  /** How many more tokens a text of this length can get. */
  room(length: number): number;
}

/**
 * Makes a stop condition.
 * @throws {@link TokenError} for an empty prompt; {@link ContextLimitError} when the prompt leaves no room for a token;
 * {@link OptionError} for an impossible setting.
 */
export function stopCondition(settings: StopSettings): StopCondition {
  const { promptLength, maxNewTokens, contextLength, eosTokens = [], stopStrings = [], decode } = settings;
  if (promptLength < 1) throw new TokenError('prompt', 'at least one token', 'none');
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1) {
    throw new OptionError('max new tokens', 'an integer of at least 1', `${maxNewTokens}`);
  }
  if (promptLength >= contextLength) {
    throw new ContextLimitError('prompt', `fewer than ${contextLength} tokens (the context length)`, `${promptLength}`);
  }
  if (stopStrings.some((stop) => stop === '')) throw new OptionError('stop string', 'a non-empty string', '""');
  if (stopStrings.length > 0 && decode === undefined) {
    throw new OptionError('stop strings', 'a model with a tokenizer', 'a model without one');
  }
  const longest = Math.min(promptLength + maxNewTokens, contextLength);
  return {
    room: (length) => longest - length,
    after(tokens) {
      if (eosTokens.includes(tokens.at(-1)!)) return 'eos';
      if (stopStrings.length > 0) {
        const text = decode!(tokens.slice(promptLength));
        if (stopStrings.some((stop) => text.includes(stop))) return 'stop string';
      }
      if (tokens.length < longest) return null;
      return tokens.length === promptLength + maxNewTokens ? 'max new tokens' : 'context limit';
    },
  };
}

/** The text before the first stop string in it. */
export function textBeforeStop(text: string, stopStrings: readonly string[]): string {
  const cuts = stopStrings.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return cuts.length === 0 ? text : text.slice(0, Math.min(...cuts));
}
