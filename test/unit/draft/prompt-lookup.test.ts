import { describe, expect, it } from 'vitest';
import { type PromptLookupOptions, promptLookup } from '../../../src/draft/prompt-lookup.ts';
import { OptionError } from '../../../src/errors.ts';
import { requestFor } from '../../support/drafting.ts';

const copyOf = (tokens: readonly number[], options: PromptLookupOptions, maxDepth = 9) =>
  promptLookup(options).propose(requestFor(tokens, { maxDepth })).tokens;

describe('promptLookup', () => {
  it('copies what followed the last tokens where they stood before', () => {
    expect(copyOf([7, 8, 9, 4, 7], { length: 2 })).toEqual([8, 9]);
  });

  it('proposes a chain of point masses', () => {
    const draft = promptLookup({ length: 3 }).propose(requestFor([7, 8, 9, 4, 7]));
    expect(draft).toEqual({ tokens: [8, 9, 4], parents: [-1, 0, 1], laws: ['point', 'point', 'point'] });
  });

  it('prefers the latest match', () => {
    expect(copyOf([1, 5, 1, 6, 1], { length: 1 })).toEqual([6]);
  });

  it('prefers a longer match to a later one', () => {
    // "1 2" stood before 3, the last "2" alone before 4.
    expect(copyOf([1, 2, 3, 9, 2, 4, 1, 2], { length: 1 })).toEqual([3]);
    expect(copyOf([1, 2, 3, 9, 2, 4, 1, 2], { length: 1, longestMatch: 1 })).toEqual([4]);
  });

  it('looks no further than its longest match', () => {
    const text = [1, 2, 3, 4, 8, 9, 2, 3, 4, 7, 1, 2, 3, 4];
    expect(copyOf(text, { length: 1 })).toEqual([7]); // three tokens by default
    expect(copyOf(text, { length: 1, longestMatch: 4 })).toEqual([8]);
  });

  it('a match may overlap the end of the text: a run goes on', () => {
    expect(copyOf([6, 6, 6], { length: 4 })).toEqual([6]);
    expect(copyOf([1, 2, 1, 2, 1], { length: 4 })).toEqual([2, 1]);
  });

  it('stops after an EOS', () => {
    expect(copyOf([7, 8, 0, 9, 7], { length: 4, eosTokens: [3, 0] })).toEqual([8, 0]);
    expect(copyOf([7, 0, 8, 9, 7], { length: 4, eosTokens: [0] })).toEqual([0]);
    expect(copyOf([7, 8, 9, 0, 7], { length: 2, eosTokens: [0] })).toEqual([8, 9]);
  });

  it('drafts no more than there is room for', () => {
    expect(copyOf([7, 8, 9, 4, 7], { length: 3 }, 1)).toEqual([8]);
    expect(copyOf([7, 8, 9, 4, 7], { length: 3 }, 0)).toEqual([]);
    expect(copyOf([7, 8, 9, 4, 7], { length: 3 }, -1)).toEqual([]);
  });

  it('drafts nothing without a match', () => {
    expect(copyOf([1, 2, 3], { length: 3 })).toEqual([]);
    expect(copyOf([1], { length: 3 })).toEqual([]);
  });

  it.each([{ length: 0 }, { length: 1.5 }, { length: 2, longestMatch: 0 }])('refuses %j', (options) => {
    expect(() => promptLookup(options)).toThrow(OptionError);
  });
});
