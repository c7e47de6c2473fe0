import { isNextOf } from './sequence-match.ts';
import type { SequenceBias } from './token-settings.ts';

/**
 * Adds biases to the logits of tokens that would complete a sequence, in place: `z_x` plus the sum of the biases of all
 * sequences that end with x and whose other tokens end the text. The biases are summed before they are added:
 * that of a single token first, then sequence by sequence, shorter and longer ones grouped by length as the source
 * does.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`SequenceBiasLogitsProcessor`)
 */
export function addSequenceBias(logits: Float64Array, text: readonly number[], biases: readonly SequenceBias[]): void {
  const lengths = new Set(biases.map(([sequence]) => sequence.length)).add(1);
  const ordered = [1, ...[...lengths].filter((length) => length > 1)];
  const sums = new Map<number, number>();
  for (const length of ordered) {
    for (const [sequence, bias] of biases) {
      if (sequence.length !== length || !isNextOf(sequence, text)) continue;
      const token = sequence.at(-1)!;
      sums.set(token, (sums.get(token) ?? 0) + bias);
    }
  }
  for (const [token, bias] of sums) logits[token]! += bias;
}
