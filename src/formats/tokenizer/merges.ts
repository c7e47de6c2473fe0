/**
 * Merges of a byte pair encoding, and how they are applied.
 * @source huggingface/tokenizers `tokenizers/src/models/bpe` (`word.rs`, `model.rs`)
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { quoted } from '../../quoted.ts';
import { kindOf } from '../json.ts';
import { isText, type Part } from './part.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Ids and positions are below 2^24, so two of them fit in a safe integer. */
const SHIFT = 2 ** 24;

/** For each pair of tokens that merges, the rank of its merge; for each rank, the resulting token. */
export interface Merges {
  readonly rankOf: ReadonlyMap<number, number>;
  readonly made: readonly number[];
}

/**
 * Reads `merges`.
 * @throws {@link FormatError} when they are malformed; {@link UnsupportedError} for a second part without the prefix.
 */
export function readMerges(part: Part, vocabulary: Vocabulary, prefix: string): Merges {
  const value = part.raw('merges');
  if (!Array.isArray(value)) throw new FormatError(part.labelOf('merges'), 'a list', kindOf(value));
  const rankOf = new Map<number, number>();
  const made = pairsOf(part.labelOf('merges'), value).map(([left, right], rank) => {
    const label = `${part.labelOf('merges')}[${rank}]`;
    const idOf = (token: string): number => {
      const id = vocabulary.idOf(token);
      if (id === undefined) throw new FormatError(label, 'tokens in the vocabulary', quoted(token));
      return id;
    };
    if (!right.startsWith(prefix)) {
      throw new UnsupportedError(label, `a second token that begins with ${prefix}`, quoted(right));
    }
    rankOf.set(idOf(left) * SHIFT + idOf(right), rank);
    return idOf(left + right.slice(prefix.length));
  });
  return { rankOf, made };
}

/** Pairs of tokens; older files write a pair as one string with a space in between. */
function pairsOf(label: string, merges: readonly unknown[]): [string, string][] {
  const areTexts = merges.every(isText);
  const lines = areTexts ? merges.filter((line) => !(line as string).startsWith('#version')) : merges;
  return lines.map((merge, i) => {
    const pair = areTexts ? (merge as string).split(' ') : merge;
    if (Array.isArray(pair) && pair.length === 2 && pair.every(isText)) return pair as [string, string];
    throw new FormatError(`${label}[${i}]`, 'a pair of tokens', kindOf(merge));
  });
}

/**
 * Merges the tokens of a word: always the adjacent pair of the lowest rank, and of equal ones the leftmost. Takes time
 * n log n.
 */
export function mergeAll(tokens: readonly number[], { rankOf, made }: Merges): number[] {
  const count = tokens.length;
  const ids = Int32Array.from(tokens);
  const next = Int32Array.from(tokens, (_, i) => i + 1);
  const previous = Int32Array.from(tokens, (_, i) => i - 1);
  const isGone = new Uint8Array(count);
  const queue = new Queue();
  const offer = (left: number): void => {
    const right = left < 0 ? count : next[left]!;
    if (right >= count) return;
    const rank = rankOf.get(ids[left]! * SHIFT + ids[right]!);
    if (rank !== undefined) queue.push(rank * SHIFT + left);
  };
  for (let i = 0; i < count; i++) offer(i);
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const [left, token] = [entry % SHIFT, made[Math.floor(entry / SHIFT)]!];
    const right = next[left]!;
    if (isGone[left] === 1 || right >= count) continue;
    // The pair may have changed since it was queued.
    const rank = rankOf.get(ids[left]! * SHIFT + ids[right]!);
    if (rank === undefined || made[rank] !== token) continue;
    ids[left] = token;
    isGone[right] = 1;
    next[left] = next[right]!;
    if (next[left]! < count) previous[next[left]!] = left;
    offer(previous[left]!);
    offer(left);
  }
  return Array.from(ids.filter((_, i) => isGone[i] === 0));
}

/** The smallest number comes out first. */
class Queue {
  readonly #heap: number[] = [];

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= value) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const least = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return least;
  }
}
