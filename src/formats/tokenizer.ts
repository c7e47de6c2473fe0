/**
 * `tokenizer.json` to a tokenizer, on top of `@huggingface/tokenizers`.
 * @packageDocumentation
 */
import { join } from 'node:path';
import { FormatError, TokenError } from '../errors.ts';
import { hasFile } from './files.ts';
import { readJson } from './json.ts';
import { type CheckedTokenizer, checkTokenizer } from './tokenizer/check.ts';
import { type LibraryTokenizer, library } from './tokenizer/library.ts';
import { repaired } from './tokenizer/repairs.ts';

/** Options of {@link Tokenizer.decode}. */
export interface DecodeOptions {
  /** Leave special tokens out. Default false. */
  readonly skipSpecialTokens?: boolean;
  /**
   * Tokens that come before these, such as the prompt's: the result is what the text of all tokens adds to the text of
   * `after`. Many tokenizers drop the space of a text's first word, which a continuation must keep; a character whose
   * first bytes stand in `after` belongs to the result.
   */
  readonly after?: readonly number[];
}

/** Text to token ids and back. */
export interface Tokenizer {
  /** One more than the largest id. The model's vocabulary may be larger: tables are padded to round sizes. */
  readonly vocabularySize: number;
  /** Token ids of a text, by default with the special tokens that the model expects around it. */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): number[];
  /** Text of tokens. Ids without a token yield nothing, as in the Rust library. */
  decode(tokens: readonly number[], options?: DecodeOptions): string;
  /** The token as the vocabulary spells it, or null when the id has none. */
  tokenText(id: number): string | null;
}

/**
 * Loads the tokenizer of a checkpoint folder; null when there is none, because token ids are enough for a model.
 * @throws {@link FormatError} when `tokenizer.json` or `tokenizer_config.json` is malformed; {@link UnsupportedError}
 * when it asks for something that is not implemented. Its `encode` throws {@link TokenError} for text that the
 * vocabulary cannot spell.
 * @example
 * import assert from 'node:assert/strict';
 * import { loadTokenizer } from 'turbo-lora';
 * const tokenizer = loadTokenizer('fixtures/embedded/base');
 * assert.equal(tokenizer?.decode(tokenizer.encode('def f')), 'def f');
 */
export function loadTokenizer(folder: string): Tokenizer | null {
  if (!hasFile(folder, 'tokenizer.json')) return null;
  const path = join(folder, 'tokenizer.json');
  const checked = checkTokenizer(path, readJson(path));
  const config = hasFile(folder, 'tokenizer_config.json') ? readJson(join(folder, 'tokenizer_config.json')) : {};
  const tokenizer = guarded(path, 'a tokenizer', () =>
    repaired(new library.Tokenizer(checked.object, config), checked.object),
  );
  // transformers cleans up spaces when told to, and never for BPE, where it would corrupt the text.
  const cleanUp = config.clean_up_tokenization_spaces === true && checked.type !== 'BPE';
  return tokenizerOver(path, tokenizer, checked, cleanUp);
}

function tokenizerOver(
  path: string,
  tokenizer: LibraryTokenizer,
  { ids }: CheckedTokenizer,
  cleanUp: boolean,
): Tokenizer {
  let vocabularySize = 0;
  for (const id of ids) vocabularySize = Math.max(vocabularySize, id + 1);
  const decode = (tokens: readonly number[], skipSpecialTokens: boolean): string => {
    const known = tokens.filter((id) => ids.has(id));
    if (known.length === 0) return '';
    const options = { skip_special_tokens: skipSpecialTokens, clean_up_tokenization_spaces: cleanUp };
    return guarded(path, 'a tokenizer that can decode', () => tokenizer.decode(known, options));
  };
  return {
    vocabularySize,
    encode(text, { addSpecialTokens = true } = {}) {
      const options = { add_special_tokens: addSpecialTokens };
      const tokens: number[] = guarded(path, 'a tokenizer that can encode', () => tokenizer.encode(text, options).ids);
      const lost = tokens.findIndex((id) => !ids.has(id));
      if (lost >= 0) throw new TokenError(`${path}: token ${lost} of the text`, 'a token of the vocabulary', 'none');
      return tokens;
    },
    decode(tokens, { skipSpecialTokens = false, after = [] } = {}) {
      if (after.length === 0) return decode(tokens, skipSpecialTokens);
      return continuation(decode(after, skipSpecialTokens), decode([...after, ...tokens], skipSpecialTokens));
    },
    tokenText: (id) => (ids.has(id) ? (tokenizer.id_to_token(id) ?? null) : null),
  };
}

/** What `whole` adds to `start`: all that follows the longest common prefix of full characters. */
function continuation(start: string, whole: string): string {
  let at = 0;
  while (at < start.length && start[at] === whole[at]) at += 1;
  const splitsPair = /[\ud800-\udbff]/.test(whole[at - 1] ?? '') && at < start.length;
  return whole.slice(splitsPair ? at - 1 : at);
}

/** The library throws plain errors of all kinds on malformed files. */
function guarded<T>(path: string, expected: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new FormatError(path, expected, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
