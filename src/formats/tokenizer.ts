/**
 * The tokenizer of a checkpoint folder: `tokenizer.json`, and what `tokenizer_config.json` changes in it.
 * @packageDocumentation
 */
import { type Folder, hasFile, labelIn } from './folder/folder.ts';
import { readJson } from './json.ts';
import { cleanUpSpaces } from './tokenizer/decoders.ts';
import { Pipeline } from './tokenizer/pipeline.ts';
import { withPrefixSpace } from './tokenizer/prefix-space.ts';

const FILE = 'tokenizer.json';
const CONFIG = 'tokenizer_config.json';

/** Options of {@link Tokenizer.decode}. */
export interface DecodeOptions {
  /** Leave special tokens out. Default false. */
  readonly skipSpecialTokens?: boolean;
  /**
   * Tokens that come before these, such as those of the prompt: the result is what the text of all tokens adds to the
   * text of `after`. Many tokenizers drop the space of a text's first word, which a continuation must keep; a character
   * whose first bytes are in `after` belongs to the result.
   */
  readonly after?: readonly number[];
}

/** Text to token ids and back. */
export interface Tokenizer {
  /** One more than the largest id. The model's vocabulary may be larger: tables are padded to round sizes. */
  readonly vocabularySize: number;
  /** Token ids of a text, by default with the special tokens around it that the model expects. */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): number[];
  /** Text of tokens. Ids without a token yield nothing, as in the Rust library. */
  decode(tokens: readonly number[], options?: DecodeOptions): string;
  /** The token as the vocabulary spells it, or null when the id has none. */
  tokenText(id: number): string | null;
}

/**
 * Loads the tokenizer of a checkpoint folder; null when it has none, because a model can work with token ids alone.
 * @throws {@link FormatError} when `tokenizer.json` or `tokenizer_config.json` is malformed; {@link UnsupportedError}
 * when it needs something that is not implemented; {@link WorkLimitError} when its patterns take too long on its own
 * added tokens. Its `encode` throws {@link TokenError} for text that the vocabulary cannot spell, and both `encode` and
 * `decode` throw {@link WorkLimitError} for text that is too long or on which its patterns take too long.
 * @example
 * import assert from 'node:assert/strict';
 * import { folderAt } from 'turbo-lora';
 * import { loadTokenizer } from 'turbo-lora/formats';
 * const tokenizer = loadTokenizer(folderAt('fixtures/embedded/base'));
 * assert.equal(tokenizer?.decode(tokenizer.encode('def f')), 'def f');
 */
export function loadTokenizer(folder: Folder): Tokenizer | null {
  if (!hasFile(folder, FILE)) return null;
  const config = hasFile(folder, CONFIG) ? readJson(folder, CONFIG) : {};
  const pipeline = new Pipeline(labelIn(folder, FILE), withPrefixSpace(readJson(folder, FILE), config));
  // transformers cleans up spaces only when told to, and never for BPE, where it would corrupt the text.
  const cleansUp = config.clean_up_tokenization_spaces === true && pipeline.model.type !== 'BPE';
  return tokenizerOver(pipeline, cleansUp);
}

function tokenizerOver(pipeline: Pipeline, cleansUp: boolean): Tokenizer {
  let vocabularySize = 0;
  for (const id of pipeline.ids()) vocabularySize = Math.max(vocabularySize, id + 1);
  const decode = (tokens: readonly number[], skipSpecialTokens: boolean): string => {
    const text = pipeline.decode(tokens, skipSpecialTokens);
    return cleansUp ? cleanUpSpaces(text) : text;
  };
  return {
    vocabularySize,
    encode: (text, { addSpecialTokens = true } = {}) => pipeline.encode(text, addSpecialTokens),
    decode(tokens, { skipSpecialTokens = false, after = [] } = {}) {
      if (after.length === 0) return decode(tokens, skipSpecialTokens);
      return continuation(decode(after, skipSpecialTokens), decode([...after, ...tokens], skipSpecialTokens));
    },
    tokenText: (id) => pipeline.tokenText(id),
  };
}

/** What `whole` adds to `start`: everything after the longest common prefix of complete characters. */
function continuation(start: string, whole: string): string {
  let at = 0;
  while (at < start.length && start[at] === whole[at]) at += 1;
  const splitsPair = /[\ud800-\udbff]/.test(whole[at - 1] ?? '') && at < start.length;
  return whole.slice(splitsPair ? at - 1 : at);
}
