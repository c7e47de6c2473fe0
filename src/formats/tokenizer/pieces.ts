/**
 * Pieces of a text between prompt and tokens, and how they are split.
 * @source huggingface/tokenizers `tokenizers/src/tokenizer/normalizer.rs` (`split`)
 * @packageDocumentation
 */
import type { CharacterSet } from '../../patterns/character-set.ts';
import type { Span } from '../../patterns/search.ts';

/** A piece of a text. */
export interface Piece {
  readonly text: string;
  /** The added token that the piece is, or null for text still to be split. */
  readonly token: number | null;
  /** Whether the piece begins where the whole text did. */
  readonly isFirst: boolean;
}

/** A part of a text, and whether it is a delimiter. */
export type Cut = readonly [start: number, end: number, isDelimiter: boolean];

/** What happens to delimiters. */
export type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

/** All behaviors. */
export const BEHAVIORS: readonly Behavior[] = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
];

/** Parts that cover a text, given the positions of its delimiters. */
export function cutsAt(text: string, delimiters: readonly Span[]): Cut[] {
  const cuts: Cut[] = [];
  let last = 0;
  for (const [start, end] of delimiters) {
    if (last !== start) cuts.push([last, start, false]);
    cuts.push([start, end, true]);
    last = end;
  }
  if (last !== text.length) cuts.push([last, text.length, false]);
  return cuts;
}

/** Parts that cover a text in which each character of a set is a delimiter. */
export function cutsAtCharacters(text: string, set: CharacterSet): Cut[] {
  const delimiters: Span[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!;
    const end = at + (code > 0xffff ? 2 : 1);
    if (set.has(code)) delimiters.push([at, end]);
    at = end;
  }
  return cutsAt(text, delimiters);
}

/** The remaining parts of a text: delimiters are removed, kept, or joined to a neighbour. */
export function arranged(cuts: readonly Cut[], behavior: Behavior): Span[] {
  switch (behavior) {
    case 'Removed':
      return cuts.filter(([, , isDelimiter]) => !isDelimiter).map(([start, end]) => [start, end]);
    case 'Isolated':
      return cuts.map(([start, end]) => [start, end]);
    case 'Contiguous':
      return joined(cuts, (isDelimiter, wasDelimiter) => isDelimiter === wasDelimiter);
    case 'MergedWithPrevious':
      return joined(cuts, (isDelimiter, wasDelimiter) => isDelimiter && !wasDelimiter);
    case 'MergedWithNext':
      return joined([...cuts].reverse(), (isDelimiter, wasDelimiter) => isDelimiter && !wasDelimiter).reverse();
  }
}

/** Joins each part to the one before it in the list where told to. */
function joined(cuts: readonly Cut[], joins: (isDelimiter: boolean, wasDelimiter: boolean) => boolean): Span[] {
  const spans: Span[] = [];
  let wasDelimiter = false;
  for (const [start, end, isDelimiter] of cuts) {
    const last = spans.at(-1);
    if (last !== undefined && joins(isDelimiter, wasDelimiter)) {
      spans[spans.length - 1] = [Math.min(last[0], start), Math.max(last[1], end)];
    } else spans.push([start, end]);
    wasDelimiter = isDelimiter;
  }
  return spans;
}

/** The parts of a piece, without empty ones. */
export function partsOf(piece: Piece, spans: readonly Span[]): Piece[] {
  const parts: Piece[] = [];
  for (const [start, end] of spans) {
    if (end === start) continue;
    parts.push({ text: piece.text.slice(start, end), token: null, isFirst: piece.isFirst && start === 0 });
  }
  return parts;
}
