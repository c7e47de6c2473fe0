/**
 * Pre-tokenizers of a `tokenizer.json`: how a text is split into words; no token crosses a word boundary.
 * @source huggingface/tokenizers `tokenizers/src/pre_tokenizers`
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { CharacterSet } from '../../patterns/character-set.ts';
import { type Finder, finder, type Span } from '../../patterns/search.ts';
import { numeric, punctuation, rustWord, whiteSpace } from '../../patterns/unicode.ts';
import { toByteAlphabet } from './byte-alphabet.ts';
import { checkTextLength } from './limits.ts';
import { readMetaspace } from './metaspace.ts';
import { Part } from './part.ts';
import { readPattern } from './patterns.ts';
import {
  arranged,
  BEHAVIORS,
  type Behavior,
  type Cut,
  cutsAt,
  cutsAtCharacters,
  type Piece,
  partsOf,
} from './pieces.ts';

/** Splits pieces that are not tokens yet. Throws {@link WorkLimitError} when the budget is spent. */
export type PreTokenizer = (pieces: readonly Piece[], budget: Budget) => Piece[];

/** GPT-2's pattern, with which ByteLevel splits by default. */
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const READERS: Readonly<Record<string, (part: Part) => PreTokenizer>> = {
  Sequence: (part) => {
    const steps = part.parts('pretokenizers').map(readOne);
    return (pieces, budget) => steps.reduce<Piece[]>((cut, step) => step(cut, budget), [...pieces]);
  },
  ByteLevel: readByteLevel,
  Metaspace: metaspace,
  Split: (part) => {
    const find = readPattern(part);
    const behavior = part.choice('behavior', BEHAVIORS);
    return splitter(find, behavior, part.boolean('invert'));
  },
  Whitespace: () => each((piece) => partsOf(piece, wordSpans(piece.text))),
  WhitespaceSplit: () => atCharacters(whiteSpace(), 'Removed'),
  BertPreTokenizer: () => {
    const [words, marks] = [atCharacters(whiteSpace(), 'Removed'), atCharacters(punctuation(), 'Isolated')];
    return (pieces, budget) => marks(words(pieces, budget), budget);
  },
  Punctuation: (part) => atCharacters(punctuation(), part.choice('behavior', BEHAVIORS, 'Isolated')),
  Digits: (part) => atCharacters(numeric(), part.boolean('individual_digits') ? 'Isolated' : 'Contiguous'),
  CharDelimiterSplit: (part) => atCharacters(CharacterSet.of(part.character('delimiter')), 'Removed'),
  FixedLength: (part) => {
    const length = part.natural('length', 5);
    if (length === 0) throw new FormatError(part.labelOf('length'), 'at least 1', '0');
    return each((piece) => partsOf(piece, chunks(piece.text, length)));
  },
};

/**
 * Reads a pre-tokenizer; null leaves the text whole.
 * @param hasNormalizer whether the text was changed before: `Metaspace` with `first` must know where it began.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} naming the kind or setting that is not
 * implemented, such as `UnicodeScripts`.
 */
export function readPreTokenizer(label: string, value: unknown, hasNormalizer: boolean): PreTokenizer | null {
  if (value === null || value === undefined) return null;
  const part = new Part(label, value);
  checkFirst(part, hasNormalizer);
  return readOne(part);
}

function readOne(part: Part): PreTokenizer {
  const read = Object.hasOwn(READERS, part.type) ? READERS[part.type]! : null;
  if (read === null) throw new UnsupportedError(part.labelOf('type'), Object.keys(READERS).join(', '), part.type);
  const preTokenizer = read(part);
  part.refuseUnknown();
  return preTokenizer;
}

/** Where a text began is known only until something changes it. Returns whether the part changes it. */
function checkFirst(part: Part, isChanged: boolean): boolean {
  if (part.type === 'Sequence') {
    return part.parts('pretokenizers').reduce((changed, inner) => checkFirst(inner, changed), isChanged);
  }
  if (part.type === 'Metaspace' && part.raw('prepend_scheme') === 'first' && isChanged) {
    throw new UnsupportedError(part.labelOf('prepend_scheme'), 'always or never after a change of the text', 'first');
  }
  return isChanged || part.type === 'Metaspace' || part.type === 'ByteLevel';
}

/** Applies a split to every piece that is not a token. */
function each(cut: (piece: Piece, budget: Budget) => readonly Piece[]): PreTokenizer {
  return (pieces, budget) => {
    const result: Piece[] = [];
    for (const piece of pieces) {
      if (piece.token !== null) result.push(piece);
      else for (const part of cut(piece, budget)) result.push(part);
    }
    return result;
  };
}

function atCharacters(set: CharacterSet, behavior: Behavior): PreTokenizer {
  return each((piece) => partsOf(piece, arranged(cutsAtCharacters(piece.text, set), behavior)));
}

function splitter(find: Finder, behavior: Behavior, invert: boolean): PreTokenizer {
  return each((piece, budget) => {
    const cuts = cutsAt(piece.text, find(piece.text, budget));
    const meant = invert ? cuts.map(([start, end, isDelimiter]): Cut => [start, end, !isDelimiter]) : cuts;
    return partsOf(piece, arranged(meant, behavior));
  });
}

function readByteLevel(part: Part): PreTokenizer {
  const addsSpace = part.boolean('add_prefix_space');
  part.boolean('trim_offsets');
  const split = part.boolean('use_regex', true) ? splitter(finder(part.label, GPT2), 'Isolated', false) : null;
  const prefixed = each((piece) => [
    addsSpace && !piece.text.startsWith(' ') ? { ...piece, text: ` ${piece.text}` } : piece,
  ]);
  const spelled = each((piece) => [{ ...piece, text: toByteAlphabet(piece.text) }]);
  return (pieces, budget) => {
    const spaced = prefixed(pieces, budget);
    return spelled(split === null ? spaced : split(spaced, budget), budget);
  };
}

function metaspace(part: Part): PreTokenizer {
  const { replacement, scheme, splits } = readMetaspace(part);
  const set = CharacterSet.of(replacement);
  return each((piece) => {
    const marked = piece.text.replaceAll(' ', () => replacement);
    const prepends = scheme === 'always' || (scheme === 'first' && piece.isFirst);
    const text = prepends && !marked.startsWith(replacement) ? replacement + marked : marked;
    checkTextLength(part.label, text.length);
    const whole = { ...piece, text };
    return splits ? partsOf(whole, arranged(cutsAtCharacters(text, set), 'MergedWithNext')) : [whole];
  });
}

/** Runs of word characters, and runs of characters that are neither word characters nor white space. */
function wordSpans(text: string): Span[] {
  const spans: Span[] = [];
  const kindAt = (code: number): number => (rustWord().has(code) ? 1 : whiteSpace().has(code) ? 0 : 2);
  let [start, kind] = [0, 0];
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!;
    const now = kindAt(code);
    if (now !== kind) {
      if (kind !== 0) spans.push([start, at]);
      [start, kind] = [at, now];
    }
    at += code > 0xffff ? 2 : 1;
  }
  if (kind !== 0) spans.push([start, text.length]);
  return spans;
}

function chunks(text: string, length: number): Span[] {
  const spans: Span[] = [];
  let [start, count] = [0, 0];
  for (let at = 0; at < text.length; ) {
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
    if (++count % length === 0 || at === text.length) {
      spans.push([start, at]);
      start = at;
    }
  }
  return spans;
}
