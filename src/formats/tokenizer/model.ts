/**
 * Models of a `tokenizer.json`: how a word becomes tokens.
 * @packageDocumentation
 */
import { TokenError, UnsupportedError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { kindOf } from '../json.ts';
import { readBpe } from './bpe.ts';
import { Part } from './part.ts';
import { readUnigram } from './unigram.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';
import { readWordPiece } from './word-piece.ts';

/** A model. */
export interface Model {
  readonly type: 'BPE' | 'Unigram' | 'WordPiece' | 'WordLevel';
  readonly vocabulary: Vocabulary;
  /**
   * Token ids of a word. Throws {@link TokenError} when it cannot be spelled, {@link WorkLimitError} when the budget is
   * spent.
   */
  encode(word: string, budget: Budget): readonly number[];
}

/**
 * Reads a model.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} for an unknown type and for dropout. Its
 * `encode` throws {@link TokenError} for a word that the vocabulary cannot spell.
 */
export function readModel(label: string, value: unknown): Model {
  const part = new Part(label, value);
  // Files from before types were written are all BPE.
  const type = part.raw('type') ?? (Array.isArray(part.raw('merges')) ? 'BPE' : undefined);
  const model = modelOf(part, type);
  part.refuseUnknown();
  return model;
}

function modelOf(part: Part, type: unknown): Model {
  switch (type) {
    case 'BPE':
      return { type, ...readBpe(part) };
    case 'Unigram':
      return { type, ...readUnigram(part) };
    case 'WordPiece':
      return { type, ...readWordPiece(part) };
    case 'WordLevel':
      return { type, ...readWordLevel(part) };
    default:
      throw new UnsupportedError(part.labelOf('type'), 'BPE, Unigram, WordPiece or WordLevel', kindOf(type));
  }
}

/** @source huggingface/tokenizers `tokenizers/src/models/wordlevel/mod.rs` */
function readWordLevel(part: Part): Omit<Model, 'type'> {
  const vocabulary = readVocabulary(part);
  const unknown = part.string('unk_token');
  const encode = (word: string): number[] => {
    const id = vocabulary.idOf(word) ?? vocabulary.idOf(unknown);
    if (id === undefined)
      throw new TokenError(part.label, 'a vocabulary that has the word or the unk_token', 'neither');
    return [id];
  };
  return { vocabulary, encode };
}
