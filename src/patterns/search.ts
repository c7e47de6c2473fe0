/**
 * All matches of a pattern in a text, as the tokenizers library finds them with Oniguruma.
 * @packageDocumentation
 */
import type { Budget } from './budget.ts';
import { Machine } from './machine.ts';
import { parseOniguruma } from './oniguruma.ts';
import { compile } from './program.ts';

/** Where a match begins and ends in a text, in code units. */
export type Span = readonly [start: number, end: number];

/**
 * Finds all matches in a text, from left to right, without overlaps.
 * @throws {@link WorkLimitError} when the budget is spent.
 */
export type Finder = (text: string, budget: Budget) => Span[];

/**
 * Compiles an Oniguruma pattern.
 * @throws {@link FormatError} when the pattern is invalid; {@link UnsupportedError} for what is not implemented.
 */
export function finder(label: string, pattern: string): Finder {
  const program = compile(label, parseOniguruma(label, pattern));
  return (text, budget) => {
    const { codes, offsets } = codePointsOf(text);
    return search(new Machine(program, codes, budget), codes.length, offsets);
  };
}

/** Matches a literal text instead of a pattern. An empty one matches everywhere, as an empty pattern does. */
export function literalFinder(literal: string): Finder {
  if (literal === '') return finder('an empty pattern', '');
  return (text) => {
    const spans: Span[] = [];
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) {
      spans.push([at, at + literal.length]);
    }
    return spans;
  };
}

function search(machine: Machine, length: number, offsets: Int32Array | null): Span[] {
  const spans: Span[] = [];
  const place = (at: number): number => (offsets === null ? at : offsets[at]!);
  let lastEnd = -1;
  for (let start = 0; start <= length; ) {
    const end = machine.matchFrom(start);
    // An empty match right after the previous one does not count.
    if (end < 0 || (end === start && start === lastEnd)) {
      start += 1;
      continue;
    }
    spans.push([place(start), place(end)]);
    lastEnd = end;
    start = end;
  }
  return spans;
}

/** Code points, and where each begins; the positions are omitted when every code point is one code unit. */
function codePointsOf(text: string): { codes: Int32Array; offsets: Int32Array | null } {
  const codes = new Int32Array(text.length);
  const offsets = new Int32Array(text.length + 1);
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const code = text.codePointAt(at)!;
    codes[count] = code;
    offsets[count] = at;
    at += code > 0xffff ? 2 : 1;
  }
  offsets[count] = text.length;
  if (count === text.length) return { codes, offsets: null };
  return { codes: codes.subarray(0, count), offsets: offsets.subarray(0, count + 1) };
}
