import { describe, expect, it } from 'vitest';
import { keyOf, oncePerPrefix, tokensOf } from '../../../src/law/prefix.ts';

describe('prefixes', () => {
  it('a key gives back its tokens', () => {
    for (const tokens of [[], [0], [3, 0, 12]]) expect(tokensOf(keyOf(tokens))).toEqual(tokens);
  });

  it('a value is made once for each prefix, whatever was asked before', () => {
    const made: string[] = [];
    const at = oncePerPrefix((prefix) => {
      made.push(keyOf(prefix));
      return { prefix: [...prefix] };
    });
    const prefixes = [[1, 2], [], [1], [1, 2], [2, 1], [], [12]];
    for (const prefix of prefixes) expect(at(prefix).prefix).toEqual(prefix);
    expect(made).toEqual(['1 2', '', '1', '2 1', '12']);
    expect(at([1, 2])).toBe(at([1, 2]));
  });
});
