/**
 * When a text ends.
 * @packageDocumentation
 */
import { ContextLimitError, OptionError, TokenError } from '../errors.ts';
import type { TextStream } from './text-stream.ts';

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
  /** The stream of the generated text, which knows the stop strings. Without it there are no stop strings. */
  readonly text?: TextStream;
}

/**
 * Decides after every single token, so that a block of accepted tokens ends where plain decoding would. It follows one
 * text, which never gets shorter between calls.
 */
export interface StopCondition {
  /** Why a text that has just got its last token ends, or null. */
  after(tokens: readonly number[]): StopReason | null;
  /** How many more tokens a text of this length can get. */
  room(length: number): number;
}

/**
 * Makes a stop condition. New tokens go to the text stream, and when the text ends, the stream is ended. So the text
 * that is shown is the text that is searched for stop strings.
 * @throws {@link TokenError} for an empty prompt; {@link ContextLimitError} when the prompt leaves no room for a token;
 * {@link OptionError} for an impossible setting.
 */
export function stopCondition(settings: StopSettings): StopCondition {
  const { promptLength, maxNewTokens, contextLength, eosTokens = [], text } = settings;
  if (promptLength < 1) throw new TokenError('prompt', 'at least one token', 'none');
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1) {
    throw new OptionError('max new tokens', 'an integer of at least 1', `${maxNewTokens}`);
  }
  if (promptLength >= contextLength) {
    throw new ContextLimitError('prompt', `fewer than ${contextLength} tokens (the context length)`, `${promptLength}`);
  }
  const longest = Math.min(promptLength + maxNewTokens, contextLength);
  const reasonAfter = (tokens: readonly number[]): StopReason | null => {
    if (eosTokens.includes(tokens.at(-1)!)) return 'eos';
    if (text?.stopped) return 'stop string';
    if (tokens.length < longest) return null;
    return tokens.length === promptLength + maxNewTokens ? 'max new tokens' : 'context limit';
  };
  let read = promptLength;
  return {
    room: (length) => longest - length,
    after(tokens) {
      for (; read < tokens.length; read++) text?.push(tokens[read]!);
      const reason = reasonAfter(tokens);
      if (reason !== null) text?.end();
      return reason;
    },
  };
}
