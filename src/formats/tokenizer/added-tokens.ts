/**
 * Tokens added to a model's vocabulary: found in the text before the model sees it, never split.
 * @source huggingface/tokenizers `tokenizers/src/tokenizer/added_vocabulary.rs`
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { rustWord, whiteSpace } from '../../patterns/unicode.ts';
import { quoted } from '../../quoted.ts';
import { kindOf } from '../json.ts';
import { textBudget } from './limits.ts';
import type { Normalizer } from './normalizers.ts';
import { Part } from './part.ts';
import type { Piece } from './pieces.ts';
import { PrefixTable } from './prefix-table.ts';
import type { Vocabulary } from './vocabulary.ts';

/** No known tokenizer exceeds these; the longest lists have a few thousand tokens. */
const MOST = { tokens: 100_000, length: 1_000 };

interface AddedToken {
  readonly content: string;
  readonly singleWord: boolean;
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
  readonly normalized: boolean;
}

/** The added tokens of a tokenizer. */
export class AddedTokens {
  readonly #byId = new Map<number, AddedToken>();
  readonly #ids = new Map<string, number>();
  readonly #special = new Set<string>();
  /** The normalized form of a token, if it differs. */
  readonly #spelling = new Map<number, string>();
  readonly #vocabulary: Vocabulary;
  #nextId: number;

  /**
   * @param value the list in the file. Its ids are not used: as in the Rust library, a token that the vocabulary or an
   * earlier entry has keeps that id, and any other gets the next free one.
   * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} for too many tokens or too long ones;
   * {@link WorkLimitError} when the normalizer takes too long on them.
   */
  constructor(label: string, value: unknown, vocabulary: Vocabulary, normalizer: Normalizer | null) {
    this.#vocabulary = vocabulary;
    this.#nextId = vocabulary.size;
    const entries = listOf(label, value).map((entry, i) => new Part(`${label}[${i}]`, entry));
    const length = entries.reduce((sum, entry) => sum + entry.string('content').length, 0);
    const budget = textBudget(label, length);
    for (const entry of entries) this.#add(entry, normalizer, budget);
    this.#check(label);
  }

  /** The token as written in the file. */
  contentOf(id: number): string | undefined {
    return this.#byId.get(id)?.content;
  }

  /** The token as decoders see it: normalized if normalization applies. */
  spellingOf(id: number): string | undefined {
    return this.#spelling.get(id) ?? this.contentOf(id);
  }

  /** Whether a text is a special token. */
  isSpecial(text: string): boolean {
    return this.#special.has(text);
  }

  /** All ids. */
  ids(): Iterable<number> {
    return this.#byId.keys();
  }

  /** Splits pieces at the added tokens found before or after normalization. */
  splitter(normalized: boolean): (pieces: readonly Piece[], budget: Budget) => Piece[] {
    const ids = new Map<string, number>();
    for (const [id, token] of this.#byId) {
      if (token.normalized === normalized) ids.set(normalized ? this.spellingOf(id)! : token.content, id);
    }
    if (ids.size === 0) return (pieces) => [...pieces];
    const table = new PrefixTable([...ids.keys()]);
    return (pieces, budget) =>
      pieces.flatMap((piece) => (piece.token === null ? this.#split(piece, ids, table, budget) : piece));
  }

  #add(entry: Part, normalizer: Normalizer | null, budget: Budget): void {
    entry.natural('id');
    const content = entry.string('content');
    const token: AddedToken = {
      content,
      singleWord: entry.boolean('single_word'),
      stripsLeft: entry.boolean('lstrip'),
      stripsRight: entry.boolean('rstrip'),
      normalized: entry.boolean('normalized'),
    };
    const isSpecial = entry.boolean('special');
    if (content.length > MOST.length) {
      throw new UnsupportedError(entry.labelOf('content'), `at most ${MOST.length} characters`, `${content.length}`);
    }
    if (content === '') return;
    const id = this.#ids.get(content) ?? this.#vocabulary.idOf(content) ?? this.#nextId++;
    this.#ids.set(content, id);
    this.#byId.set(id, token);
    if (isSpecial) this.#special.add(content);
    if (!token.normalized || normalizer === null) return;
    const spelling = normalizer(content, budget);
    if (spelling !== content) this.#spelling.set(id, spelling);
  }

  /** If tokens are equal after normalization, the Rust library finds any one of them. */
  #check(label: string): void {
    const seen = { true: new Set<string>(), false: new Set<string>() };
    for (const [id, { content, normalized }] of this.#byId) {
      const text = normalized ? this.spellingOf(id)! : content;
      const name = `${label}: ${quoted(content)}`;
      if (text === '') throw new UnsupportedError(name, 'a token that is not empty after normalization', 'nothing');
      if (seen[`${normalized}`].has(text))
        throw new UnsupportedError(name, 'a token that differs from the others', 'a duplicate after normalization');
      seen[`${normalized}`].add(text);
    }
  }

  #split(piece: Piece, ids: ReadonlyMap<string, number>, table: PrefixTable, budget: Budget): Piece[] {
    const { text, isFirst } = piece;
    const parts: Piece[] = [];
    let last = 0;
    const pushText = (end: number): void => {
      if (last < end) parts.push({ text: text.slice(last, end), token: null, isFirst: isFirst && last === 0 });
    };
    for (let at = 0; at < text.length; ) {
      const length = table.lengthsAt(text, at, budget).at(-1);
      if (length === undefined) {
        at += 1;
        continue;
      }
      const id = ids.get(text.slice(at, at + length))!;
      const place = placeOf(this.#byId.get(id)!, text, at, at + length, last);
      at += length;
      if (place === null) continue;
      pushText(place.start);
      if (place.start < place.end) parts.push({ text: '', token: id, isFirst: false });
      last = place.end;
    }
    pushText(text.length);
    return parts;
  }
}

function listOf(label: string, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new FormatError(label, 'a list', kindOf(value));
  if (value.length > MOST.tokens) throw new UnsupportedError(label, `at most ${MOST.tokens} tokens`, `${value.length}`);
  return value;
}

/**
 * Where a token that was found begins and ends, including the spaces that it absorbs; null if it must be a whole word
 * and is not.
 */
function placeOf(
  token: AddedToken,
  text: string,
  found: number,
  foundEnd: number,
  last: number,
): { readonly start: number; readonly end: number } | null {
  if (token.singleWord && (isWordBefore(text, found) || isWordAt(text, foundEnd))) return null;
  const spaces = whiteSpace();
  let [start, end] = [found, foundEnd];
  if (token.stripsLeft) {
    while (start > 0 && spaces.has(text.charCodeAt(start - 1))) start -= 1;
    start = Math.max(start, last);
  }
  if (token.stripsRight) while (end < text.length && spaces.has(text.charCodeAt(end))) end += 1;
  return { start, end };
}

function isWordAt(text: string, at: number): boolean {
  return at < text.length && rustWord().has(text.codePointAt(at)!);
}

function isWordBefore(text: string, at: number): boolean {
  if (at === 0) return false;
  const isPair = /[\udc00-\udfff]/.test(text[at - 1]!);
  return rustWord().has(text.codePointAt(isPair ? at - 2 : at - 1)!);
}
