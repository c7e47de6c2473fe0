/**
 * Single characters of a Python regular expression: escapes and classes.
 * @packageDocumentation
 */
import { inEitherCase, isAscii } from './case-folding.ts';
import { CharacterSet } from './character-set.ts';
import type { Edge, Pattern } from './pattern.ts';
import type { PatternSource } from './source.ts';

// Python's classes include letters and digits beyond ASCII; module names do not.
const DIGIT = new CharacterSet([[48, 57]]);
const WORD = new CharacterSet([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
const SPACE = new CharacterSet([
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]);
/** Any character except a line end. */
export const ANY = CharacterSet.of('\n').complement();

const SHORTHANDS: ReadonlyMap<string, CharacterSet> = new Map([
  ['d', DIGIT],
  ['D', DIGIT.complement()],
  ['w', WORD],
  ['W', WORD.complement()],
  ['s', SPACE],
  ['S', SPACE.complement()],
]);

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const EDGES: ReadonlyMap<string, Edge> = new Map(
  (
    [
      ['A', 'start'],
      ['Z', 'end'],
      ['b', 'word'],
      ['B', 'no word'],
    ] as const
  ).map(([letter, edge]) => [letter, { kind: 'edge', edge, word: WORD }]),
);

/** The set of one character, or of both its cases when case is ignored. */
export function sameCharacter(source: PatternSource, character: string): CharacterSet {
  return folded(source, CharacterSet.of(character));
}

function folded(source: PatternSource, set: CharacterSet): CharacterSet {
  if (!source.ignoreCase) return set;
  if (!isAscii(set)) throw source.unsupported('letters outside ASCII with case ignored');
  return inEitherCase(set);
}

/** An escape outside a class; the backslash has been read. */
export function readEscape(source: PatternSource): Pattern {
  const letter = source.next ?? '';
  const edge = EDGES.get(letter);
  if (edge !== undefined) {
    source.at += 1;
    return edge;
  }
  if (/[1-9]/.test(letter)) throw source.unsupported(`the backreference \\${letter}`);
  const escaped = readEscaped(source);
  return { kind: 'character', set: typeof escaped === 'string' ? sameCharacter(source, escaped) : escaped };
}

/** What an escape means both inside and outside a class: a character or a shorthand's set. */
function readEscaped(source: PatternSource): string | CharacterSet {
  const letter = source.next;
  if (letter === undefined) throw source.invalid('a \\ at the end');
  const shorthand = SHORTHANDS.get(letter) ?? CONTROLS.get(letter);
  if (shorthand !== undefined) {
    source.at += 1;
    return shorthand;
  }
  const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(source.rest(5));
  if (code !== null) {
    source.at += code[0].length;
    return String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16));
  }
  if (/[0-9]/.test(letter)) throw source.unsupported(`the octal escape \\${letter}`);
  if (/[A-Za-z]/.test(letter)) throw source.invalid(`the escape \\${letter}`);
  source.at += 1;
  return letter;
}

/** A class; its opening bracket has been read. */
export function readClass(source: PatternSource): CharacterSet {
  const { text } = source;
  const negated = source.take('^');
  const first = source.at;
  const sets: CharacterSet[] = [];
  // A bracket in first position is a literal character.
  while (source.at === first || text[source.at] !== ']') {
    const low = readMember(source);
    if (source.next !== '-' || text[source.at + 1] === ']') {
      sets.push(typeof low === 'string' ? sameCharacter(source, low) : low);
      continue;
    }
    source.at += 1;
    const high = readMember(source);
    if (typeof low !== 'string' || typeof high !== 'string' || high < low) throw source.invalid('a bad range');
    sets.push(folded(source, new CharacterSet([[low.codePointAt(0)!, high.codePointAt(0)!]])));
  }
  source.at += 1;
  const union = CharacterSet.union(sets);
  return negated ? union.complement() : union;
}

function readMember(source: PatternSource): string | CharacterSet {
  const character = source.read();
  if (character === undefined) throw source.invalid('a class without ]');
  if (character !== '\\') return character;
  return source.take('b') ? '\b' : readEscaped(source);
}
