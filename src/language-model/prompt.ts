import { OptionError, TokenError } from '../errors.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import { checkTokens } from '../model/forward.ts';
import { inWords } from './given.ts';

/** A list of token ids of any integer width. */
export type TokenIds =
  | readonly number[]
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array;

/** What a generation continues: a text, or token ids as they are. */
export type Prompt = string | TokenIds;

/**
 * The tokens of a prompt, in a new list.
 * @throws {@link OptionError} for a text when there is no tokenizer; {@link TokenError} when the prompt is neither a
 * text nor token ids, when it has no tokens, or one is outside the vocabulary.
 */
export function promptTokens(prompt: Prompt, tokenizer: Tokenizer | null, vocabularySize: number): number[] {
  const tokens = typeof prompt === 'string' ? encoded(prompt, tokenizer) : idsOf(prompt);
  checkTokens(tokens, vocabularySize);
  return tokens;
}

/**
 * Token ids of a text.
 * @throws {@link OptionError} when there is no tokenizer.
 */
export function encoded(text: string, tokenizer: Tokenizer | null): number[] {
  if (tokenizer === null) {
    throw new OptionError('prompt', 'token ids (the model has no tokenizer.json)', 'a text');
  }
  return tokenizer.encode(text);
}

function idsOf(ids: TokenIds): number[] {
  const isList = Array.isArray(ids) || (ArrayBuffer.isView(ids) && !(ids instanceof DataView));
  if (!isList) throw new TokenError('prompt', 'a text, a list of token ids or a typed array of them', inWords(ids));
  // A float array holds no ids, and the numbers of the others are exact.
  if (ids instanceof Float32Array || ids instanceof Float64Array) {
    throw new TokenError('prompt', 'a text, a list of token ids or a typed array of integers', 'an array of floats');
  }
  return Array.from<number | bigint, number>(ids, (id) => (typeof id === 'bigint' ? Number(id) : id));
}
