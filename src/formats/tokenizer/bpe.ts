/**
 * Byte pair encoding: a word starts as its characters, and pairs of tokens merge in the order of the merge list.
 * @source Sennrich et al. 2016, section 3.2; huggingface/tokenizers `tokenizers/src/models/bpe/model.rs`
 * @packageDocumentation
 */
import { TokenError, UnsupportedError } from '../../errors.ts';
import { quoted } from '../../quoted.ts';
import { kindOf } from '../json.ts';
import { byteTokens } from './byte-tokens.ts';
import { mergeAll, readMerges } from './merges.ts';
import type { Part } from './part.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/** Words are short and recur, so their tokens are cached: up to this many words of at most this length. */
const KEPT = { words: 20_000, length: 64 };

interface Bpe {
  readonly vocabulary: Vocabulary;
  encode(word: string): readonly number[];
}

/** How a word begins. */
interface Spelling {
  readonly vocabulary: Vocabulary;
  readonly unknown: string | null;
  readonly prefix: string;
  readonly suffix: string;
  readonly fuses: boolean;
  readonly fallsBack: boolean;
  readonly label: string;
}

/**
 * Reads the model.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} for dropout, which is random, and for
 * merges whose second token lacks the `continuing_subword_prefix`. Its `encode` throws {@link TokenError} where it
 * needs an `unk_token` that is not in the vocabulary.
 */
export function readBpe(part: Part): Bpe {
  const dropout = part.raw('dropout');
  if (dropout != null && dropout !== 0) throw new UnsupportedError(part.labelOf('dropout'), 'null', kindOf(dropout));
  const vocabulary = readVocabulary(part);
  const spelling: Spelling = {
    vocabulary,
    unknown: part.optionalString('unk_token'),
    prefix: part.optionalString('continuing_subword_prefix') ?? '',
    suffix: part.optionalString('end_of_word_suffix') ?? '',
    fuses: part.optionalBoolean('fuse_unk'),
    fallsBack: part.optionalBoolean('byte_fallback'),
    label: part.label,
  };
  const merges = readMerges(part, vocabulary, spelling.prefix);
  const takesWholeWords = part.optionalBoolean('ignore_merges');
  const kept = new Map<string, readonly number[]>();
  return {
    vocabulary,
    encode(word) {
      const whole = takesWholeWords ? vocabulary.idOf(word) : undefined;
      if (whole !== undefined) return [whole];
      const known = kept.get(word);
      if (known !== undefined) return known;
      const tokens = mergeAll(spelled(word, spelling), merges);
      if (word.length <= KEPT.length && kept.size < KEPT.words) kept.set(word, tokens);
      return tokens;
    },
  };
}

/**
 * The tokens of the characters. A character without a token becomes its bytes, or else the unknown token, or else
 * nothing. An unknown token waits until a character has a token: bytes come before it, as in the Rust library.
 */
function spelled(word: string, spelling: Spelling): number[] {
  const { vocabulary, unknown, prefix, suffix, fuses, fallsBack } = spelling;
  const tokens: number[] = [];
  let waiting: number | null = null;
  for (let at = 0; at < word.length; ) {
    const end = at + (word.codePointAt(at)! > 0xffff ? 2 : 1);
    const text = (at > 0 ? prefix : '') + word.slice(at, end) + (end === word.length ? suffix : '');
    at = end;
    const id = vocabulary.idOf(text);
    if (id !== undefined) {
      if (waiting !== null) tokens.push(waiting);
      waiting = null;
      tokens.push(id);
      continue;
    }
    const bytes = fallsBack ? byteTokens(vocabulary, text) : null;
    if (bytes !== null) tokens.push(...bytes);
    else if (unknown !== null) {
      if (waiting !== null && !fuses) tokens.push(waiting);
      waiting = unknownId(spelling.label, vocabulary, unknown);
    }
  }
  if (waiting !== null) tokens.push(waiting);
  return tokens;
}

function unknownId(label: string, vocabulary: Vocabulary, unknown: string): number {
  const id = vocabulary.idOf(unknown);
  if (id === undefined) throw new TokenError(label, 'an unk_token that is in the vocabulary', quoted(unknown));
  return id;
}
