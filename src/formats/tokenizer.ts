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

/** Text to token ids and back. */
export interface Tokenizer {
  /** One more than the largest id. The model's vocabulary may be larger: tables are padded to round sizes. */
  readonly vocabularySize: number;
  /** Token ids of a text, by default with the special tokens that the model expects around it. */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): number[];
  /** Text of tokens. Ids without a token yield nothing, as in the Rust library. */
  decode(tokens: readonly number[], options?: { readonly skipSpecialTokens?: boolean }): string;
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
  return {
    vocabularySize,
    encode(text, { addSpecialTokens = true } = {}) {
      const options = { add_special_tokens: addSpecialTokens };
      const tokens: number[] = guarded(path, 'a tokenizer that can encode', () => tokenizer.encode(text, options).ids);
      const lost = tokens.findIndex((id) => !ids.has(id));
      if (lost >= 0) throw new TokenError(`${path}: token ${lost} of the text`, 'a token of the vocabulary', 'none');
      return tokens;
    },
    decode(tokens, { skipSpecialTokens = false } = {}) {
      const known = tokens.filter((id) => ids.has(id));
      if (known.length === 0) return '';
      const options = { skip_special_tokens: skipSpecialTokens, clean_up_tokenization_spaces: cleanUp };
      return guarded(path, 'a tokenizer that can decode', () => tokenizer.decode(known, options));
    },
    tokenText: (id) => (ids.has(id) ? (tokenizer.id_to_token(id) ?? null) : null),
  };
}

/** The library throws plain errors of all kinds on malformed files. */
function guarded<T>(path: string, expected: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new FormatError(path, expected, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
