import { describe, expect, it } from 'vitest';
import { UnsupportedError, WorkLimitError } from '../../../../src/errors.ts';
import { Pipeline } from '../../../../src/formats/tokenizer/pipeline.ts';

const word = { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1 }, unk_token: '[UNK]' };
const characters = { type: 'BPE', vocab: { a: 0, b: 1, aa: 2 }, merges: [['a', 'a']] };
const make = (changes: object) => new Pipeline('tokenizer.json', { model: word, ...changes });
const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });
const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
const added = (content: string, changes: object = {}) => ({
  ...{ id: 9, content, single_word: false, lstrip: false, rstrip: false, normalized: true, special: false },
  ...changes,
});

/** Seconds of this process, which other processes do not change. */
function secondsOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  return process.cpuUsage(start).user / 1e6;
}

describe('files that take ages end by name', () => {
  it('a normalizer that hangs on its own added token', () => {
    const normalizer = replace({ Regex: '(a+)+$' }, '');
    const seconds = secondsOf(() => {
      expect(() => make({ normalizer, added_tokens: [added(`${'a'.repeat(900)}!`)] })).toThrow(WorkLimitError);
      // Many tokens that each stay below a bound do not pass it together.
      const many = Array.from({ length: 1000 }, (_, i) => added(`${'a'.repeat(15)}!${i}`));
      expect(() => make({ normalizer, added_tokens: many })).toThrow(/added_tokens: expected at most \d+ steps/);
    });
    expect(seconds).toBeLessThan(5);
  });

  it('a split that hangs on an ordinary prompt', () => {
    const prompt = 'The quick brown fox jumps over the lazy dog and runs away from the old farm.';
    const tokenizer = make({ pre_tokenizer: split('(\\w+\\s?)+$') });
    expect(secondsOf(() => expect(() => tokenizer.encode(prompt, true)).toThrow(WorkLimitError))).toBeLessThan(3);
    // Pieces share one budget.
    const pieces = make({
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, split('(a+)+$')] },
    });
    const words = `${'a'.repeat(14)}! `.repeat(1000);
    expect(secondsOf(() => expect(() => pieces.encode(words, true)).toThrow(WorkLimitError))).toBeLessThan(3);
  });

  it('replacements that grow a text without end', () => {
    const normalizers = Array.from({ length: 12 }, () => replace({ String: 'a' }, 'a'.repeat(100)));
    const tokenizer = make({ normalizer: { type: 'Sequence', normalizers } });
    expect(() => tokenizer.encode('a', true)).toThrow(
      /normalizer.*expected a text of at most 4194304 UTF-16 code units/,
    );
    expect(() => make({ normalizer: { type: 'Sequence', normalizers }, added_tokens: [added('a')] })).toThrow(
      WorkLimitError,
    );
    // Each piece grows to less than the bound, all of them together to more.
    const pieces = make({
      normalizer: { type: 'Prepend', prepend: 'a'.repeat(3_000_000) },
      added_tokens: [added('b', { normalized: false })],
    });
    expect(() => pieces.encode('aba', true)).toThrow(WorkLimitError);
    const decoder = { type: 'Sequence', decoders: normalizers };
    expect(() => make({ decoder }).decode([1], false)).toThrow(WorkLimitError);
  });

  it('texts and added tokens without measure', () => {
    expect(() => make({}).encode('a'.repeat(2 ** 22 + 1), true)).toThrow(/expected a text of at most 4194304/);
    expect(() => make({ added_tokens: [added('a'.repeat(1001))] })).toThrow(UnsupportedError);
    expect(() => make({ added_tokens: new Array(100_001).fill(added('a')) })).toThrow(/at most 100000 tokens/);
  });
});

describe('a text of a million characters takes time in proportion', () => {
  const text = 'a'.repeat(1_000_000);

  it.each([
    ['one word, merged', { model: characters }, 500_000],
    ['white space', { pre_tokenizer: { type: 'WhitespaceSplit' }, model: characters }, 500_000],
    ['a split for every character', { pre_tokenizer: split('.'), model: characters }, 1_000_000],
    ['an added token for every character', { added_tokens: [added('a')] }, 1_000_000],
    ['an added token that never comes', { added_tokens: [added(`${'a'.repeat(40)}b`)], model: characters }, 500_000],
  ])('%s', (_, changes, tokens) => {
    const tokenizer = make(changes);
    const seconds = secondsOf(() => expect(tokenizer.encode(text, true).length).toBe(tokens));
    expect(seconds).toBeLessThan(10);
  });
});
