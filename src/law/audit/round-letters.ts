/**
 * A round as a sequence of letters: what is drafted after each prefix, then what the rule decides: whether a drafted
 * token is accepted, and what is drawn after the last accepted one.
 * @packageDocumentation
 */
import { keyOf } from '../prefix.ts';
import type { SampledRound } from '../rounds.ts';

/** What a letter decides. */
export type LetterKind = 'shape' | 'draft' | 'acceptance' | 'correction' | 'bonus';

/** One letter of a round. */
export interface Letter {
  readonly kind: LetterKind;
  /** The emitted or drafted tokens before it. */
  readonly prefix: readonly number[];
  /** The drafted tokens that it chooses from, or that were drafted before it as its siblings. */
  readonly beside: readonly number[];
  readonly letter: number;
  /** The size of its alphabet. */
  readonly letters: number;
}

/** What the letters of a problem's rounds depend on. */
export interface RoundAlphabet {
  readonly vocabulary: number;
  /** Most tokens that a round can accept. */
  readonly depth: number;
  /** Parents of each possible draft, as keys. */
  readonly shapes: readonly string[];
}

/** The place of a letter. Corrections at a prefix have one place, whatever was drafted there. */
export function placeOf({ kind, prefix, beside }: Letter): string {
  return `${kind}|${keyOf(prefix)}|${kind === 'correction' ? '' : keyOf(beside)}`;
}

/**
 * The letters of a round. The letter of an acceptance is 0 when nothing was accepted there, otherwise 1 plus the
 * position of the accepted token among the different ones that were drafted. A correction belongs to its prefix,
 * whatever was drafted there. When drafts are not known, the letter of an acceptance is 0 or 1 plus the accepted token.
 * @example
 * import assert from 'node:assert/strict';
 * import { lettersOf, placeOf } from 'turbo-lora/law';
 * const round = { drafted: [2], parents: [-1], accepted: 0, emitted: [1] };
 * const letters = lettersOf(round, { vocabulary: 3, depth: 1, shapes: ['-1'] });
 * assert.deepEqual(letters.map(placeOf), ['shape||', 'draft||', 'acceptance||2', 'correction||']);
 * assert.deepEqual(letters.map(({ letter }) => letter), [0, 2, 0, 1]);
 */
export function lettersOf(round: SampledRound, alphabet: RoundAlphabet): Letter[] {
  const { drafted, parents } = round;
  if (drafted === null || parents === null) return withoutDrafts(round, alphabet);
  const { vocabulary, shapes } = alphabet;
  const childrenOf = (node: number): number[] => [...parents.keys()].filter((child) => parents[child] === node);
  const shape = { kind: 'shape', prefix: [], beside: [], letter: shapes.indexOf(keyOf(parents)) } as const;
  const letters: Letter[] = [{ ...shape, letters: shapes.length }, ...draftLetters(drafted, parents, vocabulary)];
  let nodes = [-1];
  for (const [n, token] of round.emitted.entries()) {
    const prefix = round.emitted.slice(0, n);
    const children = nodes.flatMap(childrenOf);
    const offered = [...new Set(children.map((child) => drafted[child]!))];
    const isAccepted = n < round.accepted;
    const choice = { kind: 'acceptance', prefix, beside: offered, letters: offered.length + 1 } as const;
    if (offered.length > 0) letters.push({ ...choice, letter: isAccepted ? offered.indexOf(token) + 1 : 0 });
    if (!isAccepted) letters.push(lastLetter(prefix, offered, token, vocabulary));
    nodes = children.filter((child) => drafted[child] === token);
  }
  return letters;
}

function lastLetter(prefix: readonly number[], offered: readonly number[], token: number, letters: number): Letter {
  return { kind: offered.length > 0 ? 'correction' : 'bonus', prefix, beside: offered, letter: token, letters };
}

function withoutDrafts({ accepted, emitted }: SampledRound, { vocabulary, depth }: RoundAlphabet): Letter[] {
  return emitted.flatMap((token, n): Letter[] => {
    const at = { prefix: emitted.slice(0, n), beside: [] };
    const isAccepted = n < accepted;
    const choice = { ...at, kind: 'acceptance', letter: isAccepted ? token + 1 : 0, letters: vocabulary + 1 } as const;
    const last = { ...at, kind: n < depth ? 'correction' : 'bonus', letter: token, letters: vocabulary } as const;
    return [...(n < depth ? [choice] : []), ...(isAccepted ? [] : [last])];
  });
}

function draftLetters(drafted: readonly number[], parents: readonly number[], letters: number): Letter[] {
  const prefixes: number[][] = [];
  return drafted.map((token, node) => {
    const prefix = prefixes[parents[node]!] ?? [];
    prefixes[node] = [...prefix, token];
    const siblings = [...parents.keys()].filter((other) => other < node && parents[other] === parents[node]);
    return { kind: 'draft', prefix, beside: siblings.map((other) => drafted[other]!), letter: token, letters };
  });
}
