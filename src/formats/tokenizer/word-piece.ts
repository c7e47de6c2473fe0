/**
 * WordPiece: the longest token that begins a word, then the longest that continues it, and so on.
 * @source huggingface/tokenizers `tokenizers/src/models/wordpiece/mod.rs`
 * @packageDocumentation
 */
import { TokenError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { quoted } from '../../quoted.ts';
import type { Part } from './part.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

interface WordPiece {
  readonly vocabulary: Vocabulary;
  encode(word: string, budget: Budget): number[];
}

/**
 * Reads the model.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} for ids that are too large. Its `encode`
 * throws {@link TokenError} where it needs an `unk_token` that is not in the vocabulary.
 */
export function readWordPiece(part: Part): WordPiece {
  const vocabulary = readVocabulary(part);
  const unknown = part.string('unk_token');
  const prefix = part.string('continuing_subword_prefix');
  const longest = part.natural('max_input_chars_per_word');
  return {
    vocabulary,
    encode(word, budget) {
      const characters = Array.from(word);
      const tokens = characters.length > longest ? null : pieces(vocabulary, prefix, characters, budget);
      if (tokens !== null) return tokens;
      const id = vocabulary.idOf(unknown);
      if (id === undefined) throw new TokenError(part.label, 'an unk_token that is in the vocabulary', quoted(unknown));
      return [id];
    },
  };
}

/** Null when some part of the word is not in the vocabulary. */
function pieces(
  vocabulary: Vocabulary,
  prefix: string,
  characters: readonly string[],
  budget: Budget,
): number[] | null {
  const tokens: number[] = [];
  for (let start = 0; start < characters.length; ) {
    let id: number | undefined;
    let end = characters.length;
    for (; end > start; end--) {
      budget.spend(1 + ((end - start) >> 2));
      const text = characters.slice(start, end).join('');
      id = vocabulary.idOf(start > 0 ? prefix + text : text);
      if (id !== undefined) break;
    }
    if (id === undefined) return null;
    tokens.push(id);
    start = end;
  }
  return tokens;
}
