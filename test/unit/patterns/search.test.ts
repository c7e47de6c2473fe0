import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError, WorkLimitError } from '../../../src/errors.ts';
import { Budget } from '../../../src/patterns/budget.ts';
import { finder, literalFinder } from '../../../src/patterns/search.ts';

interface Golden {
  readonly texts: readonly string[];
  readonly patterns: readonly [pattern: string, replaced: readonly (string | null)[] | null][];
}

const path = new URL('../../../fixtures/goldens/patterns/cases.json', import.meta.url);
const { texts, patterns } = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const budget = (): Budget => new Budget('test', 1_000_000);

/** The text with a snowman for every match. */
function replaced(find: ReturnType<typeof finder>, text: string): string {
  let [result, last] = ['', 0];
  for (const [start, end] of text === '' ? [] : find(text, budget())) {
    result += `${text.slice(last, start)}☃`;
    last = end;
  }
  return result + text.slice(last);
}

// External: Oniguruma as tokenizers 0.23.3 builds it (fixtures/generators/tokenizer).
describe('random patterns', () => {
  const outcomes = patterns.map(([pattern, expected]) => {
    try {
      return { pattern, expected, find: finder('p', pattern) };
    } catch (error) {
      expect(error, pattern).toSatisfy((e) => e instanceof FormatError || e instanceof UnsupportedError);
      return { pattern, expected, find: null };
    }
  });

  it('find what Oniguruma finds', () => {
    let compared = 0;
    for (const { pattern, expected, find } of outcomes) {
      if (find === null || expected === null) continue;
      texts.forEach((text, i) => {
        if (expected[i] === null) return;
        expect(replaced(find, text), `${pattern} in ${JSON.stringify(text)}`).toBe(expected[i]);
        compared += 1;
      });
    }
    expect(compared).toBeGreaterThan(3000);
  });

  it('what Oniguruma refuses is refused', () => {
    const lenient = outcomes.filter(({ expected, find }) => expected === null && find !== null);
    expect(lenient.map(({ pattern }) => pattern)).toEqual([]);
    expect(outcomes.filter(({ expected }) => expected === null).length).toBeGreaterThan(10);
  });
});

describe('finder', () => {
  it.each([
    ['(', FormatError, 'a group without )'],
    [')', FormatError, 'an unbalanced )'],
    ['[a', FormatError, 'a class without ]'],
    ['*a', FormatError, 'nothing to repeat'],
    ['[b-a]', FormatError, 'bounds reversed'],
    ['a{100001}', FormatError, 'more than 100000 times'],
    ['\\', FormatError, 'a \\ at the end'],
    ['(a)\\1', UnsupportedError, 'the backreference \\1'],
    ['\\Gx', UnsupportedError, 'the escape \\G'],
    ['\\p{Foo}', UnsupportedError, 'the property \\p{Foo}'],
    ['(?x)a', UnsupportedError, 'the flags x'],
    ['a(?i)b', UnsupportedError, 'the group (?i)'],
    ['(?i)é', UnsupportedError, 'outside ASCII with case ignored'],
    ['(?i:ss)', UnsupportedError, 'letters that one character can stand for'],
    ['a{2}?', UnsupportedError, 'a lazy repeat of a fixed number'],
    ['a{2}+', UnsupportedError, 'a repeated repeat'],
    ['(?<=a+)b', UnsupportedError, 'a look-behind of fixed width'],
    ['(?:(?:(?:ab){1000}){1000})', UnsupportedError, 'at most 50000 steps'],
    ['[[:alpha:]]', UnsupportedError, 'a POSIX bracket'],
    ['(?<a>b)(?R)', UnsupportedError, 'the group (?R)'],
    ['a'.repeat(100_001), UnsupportedError, 'at most 100000 characters'],
    [`${'('.repeat(200)}${')'.repeat(200)}`, UnsupportedError, 'more than 100 nested groups'],
  ])('refuses by name: %.20s', (pattern, error, named) => {
    expect(() => finder('tokenizer.json: pattern', pattern)).toThrow(error);
    expect(() => finder('tokenizer.json: pattern', pattern)).toThrow(named);
  });

  it.each(['(a+)+$', '(\\w+\\s?)+$', '(?:a|a)*b', '(?:a?){30}a{30}b', '(?=(a+)+$)b'])('%s ends by name', (pattern) => {
    const find = finder('tokenizer.json: pattern', pattern);
    const start = process.cpuUsage();
    const text = `${'a'.repeat(60)}!`;
    expect(() => find(text, budget())).toThrow(WorkLimitError);
    expect(() => find(text, budget())).toThrow(/expected at most 1000000 steps of matching/);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2);
  });

  it('choices to go back to take bounded memory', () => {
    const find = finder('p', '(?:a|b)*');
    const many = new Budget('p', 1e9);
    expect(find('ab'.repeat(100_000), many)).toEqual([[0, 200_000]]);
    expect(() => find('ab'.repeat(1_000_000), many)).toThrow(/at most 1048576 choices/);
  });

  it('a plain text in place of a pattern', () => {
    expect(literalFinder('aa')('aaaba', budget())).toEqual([[0, 2]]);
    expect(literalFinder('$&')('a$&', budget())).toEqual([[1, 3]]);
    expect(literalFinder('')('a🙂', budget())).toEqual([
      [0, 0],
      [1, 1],
      [3, 3],
    ]);
  });
});
