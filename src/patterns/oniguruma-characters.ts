/**
 * Single characters of an Oniguruma regular expression: escapes, properties and classes.
 * @packageDocumentation
 */
import { inEitherCase, isAscii } from './case-folding.ts';
import { CharacterSet, LAST_CODE_POINT } from './character-set.ts';
import type { Pattern } from './pattern.ts';
import type { PatternSource } from './source.ts';
import { onigWord, unicodeProperty, whiteSpace } from './unicode.ts';

/** Every character. */
export const ANY_CHARACTER = new CharacterSet([[0, LAST_CODE_POINT]]);
/** Any character except the line end. */
export const NOT_A_LINE_END = CharacterSet.of('\n').complement();

const HEX_DIGIT = CharacterSet.of('0123456789abcdefABCDEF');
const DEEPEST = 20;

const SHORTHANDS: Readonly<Record<string, () => CharacterSet>> = {
  d: () => unicodeProperty('Nd')!,
  w: wordAlone,
  s: whiteSpace,
  h: () => HEX_DIGIT,
};

/** Outside classes Oniguruma counts a few Latin-1 numbers as word characters; inside them it does not. */
function wordAlone(): CharacterSet {
  return CharacterSet.union([onigWord(), CharacterSet.of('²³¹¼½¾')]);
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const EDGES = { A: 'start', z: 'end', Z: 'last line end' } as const;

/** The set of one character, or of all its cases when case is ignored. */
export function sameCharacter(source: PatternSource, character: string): CharacterSet {
  return folded(source, CharacterSet.of(character));
}

function folded(source: PatternSource, set: CharacterSet): CharacterSet {
  if (!source.ignoreCase) return set;
  if (!isAscii(set)) throw source.unsupported('characters outside ASCII with case ignored');
  return inEitherCase(set);
}

/** An escape outside a class; the backslash has been read. */
export function readEscape(source: PatternSource): Pattern {
  const letter = source.next ?? '';
  if (letter === 'A' || letter === 'z' || letter === 'Z') {
    source.at += 1;
    return { kind: 'edge', edge: EDGES[letter] };
  }
  if (letter === 'b' || letter === 'B') {
    source.at += 1;
    return { kind: 'edge', edge: letter === 'b' ? 'word' : 'no word', word: wordAlone() };
  }
  if (/[1-9]/.test(letter)) throw source.unsupported(`the backreference \\${letter}`);
  const escaped = readEscaped(source);
  return { kind: 'character', set: typeof escaped === 'string' ? sameCharacter(source, escaped) : escaped };
}

/** What an escape means both inside and outside a class: a character or a set. */
function readEscaped(source: PatternSource): string | CharacterSet {
  const code = /^(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4}))/.exec(source.rest(10));
  if (code !== null) return codePoint(source, code[0], Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16));
  const letter = source.read();
  if (letter === undefined) throw source.invalid('a \\ at the end');
  if (letter === 'p' || letter === 'P') return readProperty(source, letter === 'P');
  const shorthand = Object.hasOwn(SHORTHANDS, letter.toLowerCase()) ? SHORTHANDS[letter.toLowerCase()]! : null;
  if (shorthand !== null) return /[a-z]/.test(letter) ? shorthand() : shorthand().complement();
  if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter]!;
  if (/[A-Za-z0-9]/.test(letter)) throw source.unsupported(`the escape \\${letter}`);
  return letter;
}

function codePoint(source: PatternSource, text: string, code: number): string {
  source.at += text.length;
  // Oniguruma reads \x80 and above as a byte of UTF-8.
  const isByte = /^x[^{]/.test(text) && code >= 0x80;
  if (isByte || code > LAST_CODE_POINT || (code >= 0xd800 && code < 0xe000)) throw source.unsupported(`\\${text}`);
  return String.fromCodePoint(code);
}

/** A property; `\p` has been read. */
function readProperty(source: PatternSource, negated: boolean): CharacterSet {
  const braces = /^\{(\^?)([A-Za-z_ ]+)\}/.exec(source.rest());
  const set = braces === null ? null : unicodeProperty(braces[2]!);
  if (braces === null || set === null) throw source.unsupported(`the property \\p${source.rest(20)}`);
  source.at += braces[0].length;
  return negated !== (braces[1] === '^') ? set.complement() : set;
}

/** A class, which may contain classes and intersections; its opening bracket has been read. */
export function readClass(source: PatternSource, depth: number): CharacterSet {
  if (depth > DEEPEST) throw source.unsupported(`more than ${DEEPEST} nested classes`);
  const negated = source.take('^');
  if (source.next === ']') throw source.unsupported('a class that begins with ]');
  if (source.next === ':') throw source.unsupported('a POSIX bracket');
  const parts: CharacterSet[] = [];
  let sets: CharacterSet[] = [];
  while (!source.take(']')) {
    if (source.take('&&')) {
      parts.push(CharacterSet.union(sets));
      sets = [];
    } else if (source.take('[')) sets.push(readClass(source, depth + 1));
    else sets.push(folded(source, readRange(source)));
  }
  const set = parts.reduceRight((all, part) => all.intersect(part), CharacterSet.union(sets));
  return negated ? set.complement() : set;
}

/** A member of a class, or a range of members. */
function readRange(source: PatternSource): CharacterSet {
  const low = readMember(source);
  const isRange = source.next === '-' && source.text[source.at + 1] !== ']';
  if (typeof low !== 'string') {
    if (isRange) throw source.unsupported('a - after a set in a class');
    return low;
  }
  if (!isRange) return CharacterSet.of(low);
  source.at += 1;
  if (source.rest(1) === '[') throw source.unsupported('a - before a class in a class');
  const high = readMember(source);
  if (typeof high !== 'string') throw source.unsupported('a - before a set in a class');
  const [first, last] = [low.codePointAt(0)!, high.codePointAt(0)!];
  if (last < first) throw source.invalid('a range with its bounds reversed');
  return new CharacterSet([[first, last]]);
}

function readMember(source: PatternSource): string | CharacterSet {
  const character = source.read();
  if (character === undefined) throw source.invalid('a class without ]');
  if (character !== '\\') return character;
  if (source.take('b')) return '\b';
  if (source.take('w')) return onigWord();
  return source.take('W') ? onigWord().complement() : readEscaped(source);
}
