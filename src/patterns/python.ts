/**
 * The syntax of Python's regular expressions, as far as module names need it.
 * @packageDocumentation
 */
import { UnsupportedError } from '../errors.ts';
import type { Pattern } from './pattern.ts';
import { ANY, readClass, readEscape, sameCharacter } from './python-characters.ts';
import { PatternSource } from './source.ts';

const LONGEST = 10_000;
const DEEPEST = 100;

/**
 * Parses a Python regular expression.
 * @throws {@link FormatError} when it is invalid; {@link UnsupportedError} for constructs that are not implemented:
 * backreferences, atomic groups, possessive repeats, conditionals, scoped flags, the flags x and L, and letters outside
 * ASCII.
 * @source Python 3 `re` (Lib/re/_parser.py)
 */
export function parsePython(label: string, text: string): Pattern {
  if (text.length > LONGEST) throw new UnsupportedError(label, `at most ${LONGEST} characters`, `${text.length}`);
  const odd = /[^\0-\x7f]/.exec(text);
  if (odd !== null) throw new UnsupportedError(label, 'a pattern of ASCII characters', JSON.stringify(odd[0]));
  const source = new PatternSource(label, text, 'Python');
  readFlags(source);
  const pattern = readEither(source, 0);
  if (source.at < text.length) throw source.invalid('an unbalanced )');
  return pattern;
}

/** Flags for the whole pattern: a, m, s and u make no difference for names, which are one line of ASCII. */
function readFlags(source: PatternSource): void {
  const flags = /^\(\?([a-zA-Z]+)\)/.exec(source.text);
  if (flags === null) return;
  if (/[^aimsu]/.test(flags[1]!)) throw source.unsupported(`the flags ${flags[0]}`);
  source.ignoreCase = flags[1]!.includes('i');
  source.at = flags[0].length;
}

function readEither(source: PatternSource, depth: number): Pattern {
  if (depth > DEEPEST) throw source.unsupported(`more than ${DEEPEST} nested groups`);
  const branches = [readSequence(source, depth)];
  while (source.take('|')) branches.push(readSequence(source, depth));
  return branches.length === 1 ? branches[0]! : { kind: 'either', branches };
}

function readSequence(source: PatternSource, depth: number): Pattern {
  const items: Pattern[] = [];
  while (source.next !== undefined && !'|)'.includes(source.next)) {
    const item = readAtom(source, depth);
    items.push(readRepeat(source, item));
  }
  return { kind: 'sequence', items };
}

function readAtom(source: PatternSource, depth: number): Pattern {
  if (countOf(source) !== null) throw source.invalid('nothing to repeat');
  const character = source.text[source.at++]!;
  switch (character) {
    case '.':
      return { kind: 'character', set: ANY };
    case '^':
      return { kind: 'edge', edge: 'start' };
    case '$':
      return { kind: 'edge', edge: 'end' };
    case '(':
      return readGroup(source, depth);
    case '[':
      return { kind: 'character', set: readClass(source) };
    case '\\':
      return readEscape(source);
    default:
      return { kind: 'character', set: sameCharacter(source, character) };
  }
}

const LOOKS = [
  ['?=', false, false],
  ['?!', false, true],
  ['?<=', true, false],
  ['?<!', true, true],
] as const;

function readGroup(source: PatternSource, depth: number): Pattern {
  const look = LOOKS.find(([opening]) => source.take(opening));
  if (look === undefined && !source.take('?:')) {
    const rest = source.rest();
    const name = /^\?P<([A-Za-z_]\w*)>/.exec(rest)?.[1];
    if (name !== undefined) {
      source.at += name.length + 4;
      if (source.groupNames.has(name)) throw source.invalid(`the group ${name} again`);
      source.groupNames.add(name);
    } else if (rest.startsWith('?')) throw source.unsupported(`the group (${rest.slice(0, 3)}`);
  }
  const item = readEither(source, depth + 1);
  if (!source.take(')')) throw source.invalid('a group without )');
  return look === undefined ? item : { kind: 'look', item, behind: look[1], negated: look[2] };
}

interface Count {
  readonly length: number;
  readonly least: number;
  readonly most: number;
}

/** The repeat count that comes next, if there is one. A brace that is not a count is a literal character. */
function countOf(source: PatternSource): Count | null {
  const many = Number.POSITIVE_INFINITY;
  if (source.next === '*') return { length: 1, least: 0, most: many };
  if (source.next === '+') return { length: 1, least: 1, most: many };
  if (source.next === '?') return { length: 1, least: 0, most: 1 };
  const braces = /^\{(?!\})(\d*)(,?)(\d*)\}/.exec(source.rest());
  if (braces === null) return null;
  const [whole, low = '', comma = '', high = ''] = braces;
  const least = Number(low);
  if (comma === '') return { length: whole.length, least, most: least };
  return { length: whole.length, least, most: high === '' ? many : Number(high) };
}

function readRepeat(source: PatternSource, item: Pattern): Pattern {
  const count = countOf(source);
  if (count === null) return item;
  if (item.kind === 'edge') throw source.invalid('nothing to repeat');
  if (count.most < count.least) throw source.invalid('a repeat with its bounds reversed');
  source.at += count.length;
  if (source.take('+')) throw source.unsupported('a possessive repeat');
  const greed = source.take('?') ? 'lazy' : 'greedy';
  if (countOf(source) !== null) throw source.invalid('a repeated repeat');
  return { kind: 'repeat', item, least: count.least, most: count.most, greed };
}
