/**
 * The syntax of Oniguruma's regular expressions, as `tokenizer.json` uses them. Constructs that mean different things
 * in different dialects, such as `{n}?` or a flag in the middle of a group, are refused.
 * @packageDocumentation
 */
import { UnsupportedError } from '../errors.ts';
import { ANY_CHARACTER, NOT_A_LINE_END, readClass, readEscape, sameCharacter } from './oniguruma-characters.ts';
import type { Greed, Pattern } from './pattern.ts';
import { PatternSource } from './source.ts';

const LONGEST = 100_000;
const DEEPEST = 100;

/**
 * Parses an Oniguruma regular expression.
 * @throws {@link FormatError} when it is invalid; {@link UnsupportedError} for constructs that are not implemented:
 * backreferences, `\G`, `\K`, `\R`, `\X`, POSIX brackets, conditionals, calls, the flag x, flags anywhere but at the
 * beginning of a group, repeats of repeats, and ignoring case of anything but ASCII.
 * @source kkos/oniguruma `doc/RE`
 */
export function parseOniguruma(label: string, text: string): Pattern {
  if (text.length > LONGEST) throw new UnsupportedError(label, `at most ${LONGEST} characters`, `${text.length}`);
  const source = new PatternSource(label, text, 'Oniguruma');
  const pattern = new Reader(source).either(0);
  if (source.at < text.length) throw source.invalid('an unbalanced )');
  return pattern;
}

const LOOKS = [
  ['?=', false, false],
  ['?!', false, true],
  ['?<=', true, false],
  ['?<!', true, true],
] as const;

class Reader {
  readonly #source: PatternSource;
  #dotTakesAll = false;

  constructor(source: PatternSource) {
    this.#source = source;
  }

  /** Alternatives up to a closing parenthesis, with the flags set before them. */
  either(depth: number): Pattern {
    const source = this.#source;
    if (depth > DEEPEST) throw source.unsupported(`more than ${DEEPEST} nested groups`);
    const flags = /^\(\?([a-zA-Z]*(?:-[a-zA-Z]+)?)\)/.exec(source.rest());
    if (flags !== null) {
      source.at += flags[0].length;
      return this.#withFlags(flags[1]!, () => this.#branches(depth));
    }
    return this.#branches(depth);
  }

  #branches(depth: number): Pattern {
    const branches = [this.#sequence(depth)];
    while (this.#source.take('|')) branches.push(this.#sequence(depth));
    return branches.length === 1 ? branches[0]! : { kind: 'either', branches };
  }

  #sequence(depth: number): Pattern {
    const source = this.#source;
    const items: Pattern[] = [];
    let literals = '';
    while (source.next !== undefined && !'|)'.includes(source.next)) {
      const from = source.at;
      const item = this.#repeated(this.#atom(depth));
      literals = source.at - from === 1 ? literals + source.text[from]! : '';
      if (source.ignoreCase && /(?:ss|f[fil]|st)$/i.test(literals)) {
        throw source.unsupported('letters that one character can stand for with case ignored');
      }
      items.push(item);
    }
    return { kind: 'sequence', items };
  }

  #atom(depth: number): Pattern {
    const source = this.#source;
    if (this.#count() !== null) throw source.invalid('nothing to repeat');
    const character = source.read()!;
    switch (character) {
      case '.':
        return { kind: 'character', set: this.#dotTakesAll ? ANY_CHARACTER : NOT_A_LINE_END };
      case '^':
        return { kind: 'edge', edge: 'line start' };
      case '$':
        return { kind: 'edge', edge: 'line end' };
      case '(':
        return this.#group(depth);
      case '[':
        return { kind: 'character', set: readClass(source, 0) };
      case '\\':
        return readEscape(source);
      default:
        return { kind: 'character', set: sameCharacter(source, character) };
    }
  }

  #group(depth: number): Pattern {
    const source = this.#source;
    const look = LOOKS.find(([opening]) => source.take(opening));
    if (look !== undefined) return { kind: 'look', item: this.#rest(depth), behind: look[1], negated: look[2] };
    if (source.take('?>')) return { kind: 'atomic', item: this.#rest(depth) };
    if (source.take('?:')) return this.#rest(depth);
    const flags = /^\?([a-zA-Z]*(?:-[a-zA-Z]+)?):/.exec(source.rest());
    if (flags !== null) {
      source.at += flags[0].length;
      return this.#withFlags(flags[1]!, () => this.#rest(depth));
    }
    const name = /^\?<([A-Za-z_]\w*)>/.exec(source.rest());
    if (name !== null) source.at += name[0].length;
    else if (source.next === '?' || source.next === '*') throw source.unsupported(`the group (${source.rest(3)}`);
    return this.#rest(depth);
  }

  #rest(depth: number): Pattern {
    const item = this.either(depth + 1);
    if (!this.#source.take(')')) throw this.#source.invalid('a group without )');
    return item;
  }

  /** Reads with i (case is ignored) and m (the dot matches line ends) switched on or off. */
  #withFlags(flags: string, read: () => Pattern): Pattern {
    const source = this.#source;
    const [on, off = ''] = flags.split('-') as [string, string?];
    if (/[^im]/.test(on + off)) throw source.unsupported(`the flags ${flags}`);
    const before = [source.ignoreCase, this.#dotTakesAll] as const;
    source.ignoreCase = (source.ignoreCase || on.includes('i')) && !off.includes('i');
    this.#dotTakesAll = (this.#dotTakesAll || on.includes('m')) && !off.includes('m');
    const pattern = read();
    [source.ignoreCase, this.#dotTakesAll] = before;
    return pattern;
  }

  /** The repeat that comes next, if there is one. A brace that is not a count is a literal character. */
  #count(): {
    readonly length: number;
    readonly least: number;
    readonly most: number;
    readonly braces: boolean;
  } | null {
    const many = Number.POSITIVE_INFINITY;
    const sign = this.#source.next;
    if (sign === '*') return { length: 1, least: 0, most: many, braces: false };
    if (sign === '+') return { length: 1, least: 1, most: many, braces: false };
    if (sign === '?') return { length: 1, least: 0, most: 1, braces: false };
    const braces = /^\{(\d*)(,?)(\d*)\}/.exec(this.#source.rest());
    if (braces === null || (braces[1] === '' && braces[3] === '')) return null;
    const [whole, low = '', comma = '', high = ''] = braces;
    const least = Number(low);
    const most = comma === '' ? least : high === '' ? many : Number(high);
    return { length: whole.length, least, most, braces: true };
  }

  #repeated(item: Pattern): Pattern {
    const source = this.#source;
    const count = this.#count();
    if (count === null) return item;
    if (isWithoutWidth(item)) throw source.unsupported('a repeat of something with zero width');
    if (count.most < count.least) throw source.unsupported('a repeat with its bounds reversed');
    if (count.least > DEEPEST * 1000 || (count.most !== Number.POSITIVE_INFINITY && count.most > DEEPEST * 1000)) {
      throw source.invalid('a repeat of more than 100000 times');
    }
    source.at += count.length;
    let greed: Greed = 'greedy';
    if (!count.braces && source.take('+')) greed = 'possessive';
    else if (source.next === '?' && count.braces && count.least === count.most) {
      throw source.unsupported('a lazy repeat of a fixed number');
    } else if (source.take('?')) greed = 'lazy';
    if (this.#count() !== null) throw source.unsupported('a repeated repeat');
    return { kind: 'repeat', item, least: count.least, most: count.most, greed };
  }
}

/** Oniguruma refuses to repeat an assertion, alone or as one of the alternatives. */
function isWithoutWidth(item: Pattern): boolean {
  if (item.kind === 'sequence') return item.items.length === 1 && isWithoutWidth(item.items[0]!);
  return item.kind === 'edge' || item.kind === 'look' || (item.kind === 'either' && item.branches.some(isWithoutWidth));
}
