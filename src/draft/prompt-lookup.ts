import { OptionError } from '../errors.ts';
import { chain, EMPTY_DRAFT } from './draft.ts';
import type { ModelFreeDrafter } from './drafter.ts';

/** Settings of prompt lookup. */
export interface PromptLookupOptions {
  /** Drafted tokens at most. */
  readonly length: number;
  /**
   * The longest run of last tokens to look up. If it has no match, shorter runs are tried, down to one token.
   * Default: 3.
   */
  readonly longestMatch?: number;
  /** Copying stops after any of these: nothing follows the end of a text. */
  readonly eosTokens?: readonly number[];
}

/**
 * Drafts by copying: finds the latest earlier occurrence of the last tokens of the text (three, else two, else one) and
 * proposes what followed it there. It needs no model, and is good where the answer repeats the prompt. The law of each
 * token is a point mass.
 * @throws {@link OptionError} when a length is not an integer of at least 1.
 * @source Saxena 2023, apoorvumang/prompt-lookup-decoding
 * @example
 * import assert from 'node:assert/strict';
 * import { promptLookup } from 'turbo-lora';
 * import { sampled, seededTape } from 'turbo-lora/chance';
 * import { float64 } from 'turbo-lora/numerics';
 * const drafter = promptLookup({ length: 2 });
 * const chance = sampled(seededTape(0));
 * const numbers = { chance, arithmetic: float64, lift: (law: Float64Array) => law };
 * const request = { promptLength: 5, hidden: null, maxDepth: 9, ...numbers };
 * assert.deepEqual(drafter.propose({ ...request, tokens: [7, 8, 9, 4, 7] }).tokens, [8, 9]);
 */
export function promptLookup({ length, longestMatch = 3, eosTokens = [] }: PromptLookupOptions): ModelFreeDrafter {
  for (const [label, value] of Object.entries({ 'drafted tokens': length, 'longest match': longestMatch })) {
    if (!Number.isInteger(value) || value < 1) throw new OptionError(label, 'an integer of at least 1', `${value}`);
  }
  return {
    name: 'prompt lookup',
    propose({ tokens, maxDepth }) {
      const most = Math.min(length, maxDepth);
      if (most < 1) return EMPTY_DRAFT;
      for (let size = Math.min(longestMatch, tokens.length - 1); size >= 1; size--) {
        const start = latestMatch(tokens, size);
        if (start < 0) continue;
        const copy = tokens.slice(start + size, start + size + most);
        const end = copy.findIndex((token) => eosTokens.includes(token));
        const copied = end < 0 ? copy : copy.slice(0, end + 1);
        return chain<never>(
          copied,
          copied.map(() => 'point' as const),
        );
      }
      return EMPTY_DRAFT;
    },
  };
}

/** Start of the latest earlier occurrence of the last `size` tokens, or -1. */
function latestMatch(tokens: readonly number[], size: number): number {
  const tail = tokens.length - size;
  for (let start = tail - 1; start >= 0; start--) {
    let same = 0;
    while (same < size && tokens[start + same] === tokens[tail + same]) same += 1;
    if (same === size) return start;
  }
  return -1;
}
