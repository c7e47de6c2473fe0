/**
 * Prefixes: the tokens of a round so far, and the keys that stand for them.
 * @packageDocumentation
 */
import { branchTo, type Draft } from '../draft/draft.ts';

/** A prefix as a key: token ids with spaces between them. */
export function keyOf(prefix: readonly number[]): string {
  return prefix.join(' ');
}

/** Tokens of a key made by `keyOf`. */
export function tokensOf(key: string): number[] {
  return key === '' ? [] : key.split(' ').map(Number);
}

/** Tokens of a draft from the first down to a node. */
export function prefixAt(draft: Draft<unknown>, node: number): number[] {
  return branchTo(draft, node).map((ancestor) => draft.tokens[ancestor]!);
}
