/**
 * Character classes as in the Rust library tokenizers. Each of its crates has its own Unicode version, and JavaScript
 * engines have others, so the tables are stored rather than taken from the engine.
 * @packageDocumentation
 */
import { CharacterSet } from './character-set.ts';
import {
  CATEGORIES,
  COMBINING,
  CONTROL,
  NEW_TO_NORMALIZATION,
  NONSPACING,
  NUMERIC,
  ONIG_WORD,
  PUNCTUATION,
  RUST_WORD,
  SCRIPTS,
  SPACE,
} from './unicode-data.ts';

/** The set that a table of gap and run lengths encodes, built on first use. */
function lazy(table: string): () => CharacterSet {
  let set: CharacterSet | null = null;
  return () => {
    if (set === null) set = decoded(table);
    return set;
  };
}

function decoded(table: string): CharacterSet {
  const lengths = table.split(' ').map((length) => Number.parseInt(length, 36));
  const ranges: [number, number][] = [];
  let at = 0;
  for (let i = 0; i < lengths.length; i += 2) {
    const first = at + lengths[i]!;
    at = first + lengths[i + 1]!;
    ranges.push([first, at - 1]);
  }
  return new CharacterSet(ranges);
}

/** Word characters in Oniguruma: `\w` of split and replace patterns. */
export const onigWord = lazy(ONIG_WORD);
/** Word characters in Rust's regex: `\w` of the Whitespace pre-tokenizer and of single-word tokens. */
export const rustWord = lazy(RUST_WORD);
/** White space, the same in Oniguruma and Rust. */
export const whiteSpace = lazy(SPACE);
/** Numeric characters in Rust, which the Digits pre-tokenizer splits off. */
export const numeric = lazy(NUMERIC);
/** Punctuation, ASCII symbols included. */
export const punctuation = lazy(PUNCTUATION);
/** Nonspacing marks, which BertNormalizer treats as accents. */
export const nonspacing = lazy(NONSPACING);
/** Combining marks, which StripAccents treats as accents. */
export const combining = lazy(COMBINING);
/** What BertNormalizer removes when it cleans a text. */
export const control = lazy(CONTROL);
/** Characters that the Rust library does not normalize, even if the JavaScript engine would. */
export const newToNormalization = lazy(NEW_TO_NORMALIZATION);

let byCategory: ReadonlyMap<string, CharacterSet> | null = null;

/**
 * The set of a Unicode property by the name that patterns use (`L`, `Nd`, `Han`), or null when the name is unknown or
 * not implemented. Case does not matter, as in Oniguruma.
 */
export function unicodeProperty(name: string): CharacterSet | null {
  if (byCategory === null) byCategory = readCategories();
  const key = name.toLowerCase();
  return byCategory.get(key) ?? null;
}

function readCategories(): ReadonlyMap<string, CharacterSet> {
  const ranges = new Map<string, [number, number][]>();
  let at = 0;
  for (const [, length, category] of CATEGORIES.matchAll(/([0-9a-z]+)([A-Z][a-z])/g)) {
    const end = at + Number.parseInt(length!, 36);
    for (const name of [category!, category![0]!]) {
      const list = ranges.get(name.toLowerCase()) ?? [];
      list.push([at, end - 1]);
      ranges.set(name.toLowerCase(), list);
    }
    at = end;
  }
  const sets = [...ranges].map(([key, list]): [string, CharacterSet] => [key, new CharacterSet(list)]);
  const scripts = Object.entries(SCRIPTS).map(([key, table]): [string, CharacterSet] => [
    key.toLowerCase(),
    decoded(table),
  ]);
  return new Map([...sets, ...scripts]);
}
