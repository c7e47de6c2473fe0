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

interface PrefixNode<V> {
  value: V | undefined;
  readonly next: (PrefixNode<V> | undefined)[];
}

/**
 * Values by prefix, each made when it is first asked for. A walk over token ids: an enumeration asks for the same few
 * laws in every branch, and building a text key each time would cost more than everything else done with the law.
 */
export function oncePerPrefix<V>(make: (prefix: readonly number[]) => V): (prefix: readonly number[]) => V {
  const root: PrefixNode<V> = { value: undefined, next: [] };
  return (prefix) => {
    let node = root;
    for (let i = 0; i < prefix.length; i++) {
      const token = prefix[i]!;
      let next = node.next[token];
      if (next === undefined) {
        next = { value: undefined, next: [] };
        node.next[token] = next;
      }
      node = next;
    }
    node.value ??= make(prefix);
    return node.value;
  };
}

/** Tokens of a draft from the first down to a node. */
export function prefixAt(draft: Draft<unknown>, node: number): number[] {
  return branchTo(draft, node).map((ancestor) => draft.tokens[ancestor]!);
}
