/**
 * A parsed regular expression, independent of its dialect.
 * @packageDocumentation
 */
import type { CharacterSet } from './character-set.ts';

/** Where a zero-width assertion holds. Words are runs of the given characters. */
export type Edge =
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' | 'line start' | 'line end' | 'last line end' }
  | { readonly kind: 'edge'; readonly edge: 'word' | 'no word'; readonly word: CharacterSet };

/** What a repeat prefers: many rounds first, few first, or as many as possible without giving any back. */
export type Greed = 'greedy' | 'lazy' | 'possessive';

/** A look-around: it consumes nothing. */
export interface Look {
  readonly kind: 'look';
  readonly item: Pattern;
  readonly behind: boolean;
  readonly negated: boolean;
}

/** A repeat of at least `least` and at most `most` rounds. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly item: Pattern;
  readonly least: number;
  readonly most: number;
  readonly greed: Greed;
}

/** A regular expression without backreferences. */
export type Pattern =
  | { readonly kind: 'character'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'either'; readonly branches: readonly Pattern[] }
  | Repeat
  | Edge
  | Look
  | { readonly kind: 'atomic'; readonly item: Pattern };

/** Whether an edge holds at a position of a text. */
export function isEdge(edge: Edge, codes: ArrayLike<number>, at: number): boolean {
  const newline = 10;
  switch (edge.edge) {
    case 'start':
      return at === 0;
    case 'end':
      return at === codes.length;
    case 'line start':
      // A line end that is the last character is not followed by another line.
      return at === 0 || (codes[at - 1] === newline && at < codes.length);
    case 'line end':
      return at === codes.length || codes[at] === newline;
    case 'last line end':
      return at === codes.length || (at === codes.length - 1 && codes[at] === newline);
    default: {
      const isWord = (index: number): boolean => index >= 0 && index < codes.length && edge.word.has(codes[index]!);
      return (isWord(at - 1) !== isWord(at)) === (edge.edge === 'word');
    }
  }
}
