/**
 * Laws of short sequences, letter by letter: what follows a prefix, given that the sequence goes on.
 * @packageDocumentation
 */

/** A law of sequences, as the law of the next letter after each prefix. */
export interface SequenceLaw {
  /** The law of the letter after a prefix, given that there is one; null if there never is one. */
  after(prefix: readonly number[]): ArrayLike<number> | null;
}

/** A sequence and its probability. */
export type WeightedSequence = readonly [sequence: readonly number[], probability: number];

/**
 * The next-letter laws of a law of whole sequences: `P(N >= n+1, x1..x(n+1)) / P(N >= n+1, x1..xn)`, N the length.
 * @example
 * import assert from 'node:assert/strict';
 * import { nextLetterLaws } from 'turbo-lora/law';
 * const law = nextLetterLaws([[[0], 0.5], [[1, 0], 0.125], [[1, 1], 0.375]], 2);
 * assert.deepEqual(law.after([]), [0.5, 0.5]);
 * assert.deepEqual(law.after([1]), [0.25, 0.75]);
 * assert.equal(law.after([0]), null);
 */
export function nextLetterLaws(sequences: Iterable<WeightedSequence>, letters: number): SequenceLaw {
  const masses = new Map<string, number[]>();
  for (const [sequence, probability] of sequences) {
    for (const [n, letter] of sequence.entries()) {
      const key = sequence.slice(0, n).join(' ');
      if (!masses.has(key)) masses.set(key, new Array<number>(letters).fill(0));
      masses.get(key)![letter]! += probability;
    }
  }
  return {
    after(prefix) {
      const mass = masses.get(prefix.join(' '));
      if (mass === undefined) return null;
      const total = mass.reduce((a, b) => a + b);
      return total > 0 ? mass.map((part) => part / total) : null;
    },
  };
}
