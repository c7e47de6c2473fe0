/**
 * Single characters of a Python regular expression: escapes and classes.
 * @packageDocumentation
 */
import type { Pattern } from './pattern-syntax.ts';
import type { PatternText } from './pattern-text.ts';

/** Whether a character is one of a set. */
export type CharacterTest = (character: string) => boolean;

// Python's classes hold more letters and digits than ASCII; names do not.
const SHORTHANDS: ReadonlyMap<string, CharacterTest> = new Map([
  ['d', (c: string) => /[0-9]/.test(c)],
  ['D', (c: string) => /[^0-9]/.test(c)],
  ['w', (c: string) => /\w/.test(c)],
  ['W', (c: string) => /\W/.test(c)],
  ['s', (c: string) => /\s/.test(c)],
  ['S', (c: string) => /\S/.test(c)],
]);

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const EDGES: ReadonlyMap<string, Pattern & { kind: 'edge' }> = new Map(
  (
    [
      ['A', 'start'],
      ['Z', 'end'],
      ['b', 'word'],
      ['B', 'no word'],
    ] as const
  ).map(([letter, edge]) => [letter, { kind: 'edge', edge }]),
);

/** A test for one character, in either case when case is ignored. */
export function sameCharacter(expected: string, ignoreCase: boolean): CharacterTest {
  if (!ignoreCase) return (c) => c === expected;
  const lower = expected.toLowerCase();
  return (c) => c.toLowerCase() === lower;
}

/** An escape outside a class; the backslash has been read. */
export function readEscape(source: PatternText): Pattern {
  const letter = source.next ?? '';
  const edge = EDGES.get(letter);
  if (edge !== undefined) {
    source.at += 1;
    return edge;
  }
  if (/[1-9]/.test(letter)) throw source.unsupported(`the backreference \\${letter}`);
  const escaped = readEscaped(source);
  return {
    kind: 'character',
    matches: typeof escaped === 'string' ? sameCharacter(escaped, source.ignoreCase) : escaped,
  };
}

/** What an escape stands for inside and outside a class alike: a character or a shorthand's test. */
function readEscaped(source: PatternText): string | CharacterTest {
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
export function readClass(source: PatternText): CharacterTest {
  const { text, ignoreCase } = source;
  const negated = source.take('^');
  const first = source.at;
  const tests: CharacterTest[] = [];
  // A bracket in the first place is a character.
  while (source.at === first || text[source.at] !== ']') {
    const low = readMember(source);
    if (source.next !== '-' || text[source.at + 1] === ']') {
      tests.push(typeof low === 'string' ? sameCharacter(low, ignoreCase) : low);
      continue;
    }
    source.at += 1;
    const high = readMember(source);
    if (typeof low !== 'string' || typeof high !== 'string' || high < low) throw source.invalid('a bad range');
    const inRange: CharacterTest = (c) => c >= low && c <= high;
    tests.push(ignoreCase ? (c) => inRange(c.toLowerCase()) || inRange(c.toUpperCase()) : inRange);
  }
  source.at += 1;
  return (c) => tests.some((test) => test(c)) !== negated;
}

function readMember(source: PatternText): string | CharacterTest {
  const character = source.next;
  if (character === undefined) throw source.invalid('a class without ]');
  source.at += 1;
  if (character !== '\\') return character;
  return source.take('b') ? '\b' : readEscaped(source);
}
