import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError, WorkLimitError } from '../../../src/errors.ts';
import { fullMatcher, wholeMatchBudget } from '../../../src/patterns/whole-match.ts';

const names = [
  'model.layers.0.self_attn.q_proj',
  'model.layers.1.self_attn.o_proj',
  'model.layers.1.mlp.down_proj',
  'model.layers.1.mlp.up_proj',
  'lm_head',
];

describe('fullMatcher', () => {
  // External: re.fullmatch of Python 3.11 on the names above.
  it.each([
    [String.raw`.*\.(q|v)_proj`, '10000'],
    [String.raw`model\.layers\.\d+\.self_attn\.[qv]_proj`, '10000'],
    ['.*self_attn.*', '11000'],
    [String.raw`^(?!.*layers\.0\.).*(?:q_proj|down_proj)$`, '00100'],
    ['(?i).*Q_PROJ', '10000'],
    [String.raw`model\.layers\.(?:0|1)\.mlp\..+?_proj`, '00110'],
    [String.raw`lm_head|.*\.o_proj`, '01001'],
    ['.*(?<!o)_proj', '10110'],
    [String.raw`(?P<p>model)\.layers\.1\..*\Z`, '01110'],
    [String.raw`\Amodel\.layers\.[^1]\..*`, '10000'],
    ['q_proj', '00000'],
    [String.raw`.*\bmlp\b.*`, '00110'],
    ['.*[]_]proj', '11110'],
    ['.*layers.1.*{', '00000'],
    [String.raw`.*\.[a-z]{1,2}_proj`, '11010'],
    [String.raw`.*\.[a-z]{,2}_proj`, '11010'],
    [
      String.raw`(?:.*?(?:language|text).*?(?:self_attn|attention|attn|mlp|feed_forward|ffn|dense).*?(?:q_proj|k_proj).*?)|(?:\bmodel\.layers\.[\d]{1,}\.(?:self_attn|mlp)\.(?:(?:q_proj|up_proj)))`,
      '10010',
    ],
  ])('%s', (pattern, expected) => {
    const matches = fullMatcher('p', pattern);
    expect(names.map((name) => Number(matches(name))).join('')).toBe(expected);
  });

  // External: re.fullmatch of Python 3.11.
  it.each([
    ['', '', true],
    ['a*', '', true],
    ['(a?){1000000000}', 'aa', true],
    ['(a){1000000000}', 'aa', false],
    ['(?:)*b', 'b', true],
    ['a{2,3}', 'aaa', true],
    ['a{2,3}', 'aaaa', false],
    ['a{,}', 'aaaa', true],
    ['a{}', 'a{}', true],
    ['a{x}', 'a{x}', true],
    ['{1', '{1', true],
    ['[a-c]+', 'abcd', false],
    ['[^a-c]', 'd', true],
    ['[]a]+', ']a', true],
    ['[a-]+', 'a-', true],
    [String.raw`[\w.]+`, 'a.b_9', true],
    [String.raw`\x61\u0062`, 'ab', true],
    [String.raw`\.\-\_`, '.-_', true],
    ['(?i)[A-C]+x', 'abCX', true],
    ['a|', '', true],
    ['(?=ab)a.', 'ab', true],
    ['a(?=b)', 'ab', false],
    ['.*(?<=b)', 'ab', true],
    [String.raw`\Bab`, 'ab', false],
  ])('%s on %j: %s', (pattern, name, expected) => {
    expect(fullMatcher('p', pattern)(name)).toBe(expected);
  });

  it.each([
    '(',
    ')',
    '[a',
    'a**',
    '*a',
    '^*',
    'a{2}{3}',
    'a{3,2}',
    '\\',
    '[b-a]',
    '\\q',
    '(?P<x>a)(?P<x>b)',
    '[\\d-a]',
  ])('refuses %s, as Python does', (pattern) => {
    expect(() => fullMatcher('adapter: target_modules', pattern)).toThrow(FormatError);
    expect(() => fullMatcher('adapter: target_modules', pattern)).toThrow(
      /target_modules: expected a Python regular expression, got /,
    );
  });

  it.each([
    ['(a)\\1', 'the backreference \\1'],
    ['(?P<x>a)(?P=x)', 'the group (?P='],
    ['(?>a)', 'the group (?>a'],
    ['a++', 'a possessive repeat'],
    ['(a)?(?(1)b|c)', 'the group (?(1'],
    ['(?i:a)', 'the group (?i:'],
    ['(?x)a', 'the flags (?x)'],
    ['\\012', 'the octal escape \\0'],
    ['é', '"é"'],
    [`${'('.repeat(200)}${')'.repeat(200)}`, 'more than 100 nested groups'],
    ['a'.repeat(20_000), '20000'],
  ])('names what is not implemented: %s', (pattern, named) => {
    expect(() => fullMatcher('p', pattern)).toThrow(UnsupportedError);
    expect(() => fullMatcher('p', pattern)).toThrow(named);
  });

  it('patterns on which backtracking takes ages take no time', () => {
    const name = `model.layers.0.${'a'.repeat(60)}`;
    const start = process.cpuUsage();
    expect(fullMatcher('p', '(.+)+(.+)+x')(name)).toBe(false);
    expect(fullMatcher('p', `${'.*'.repeat(60)}x`)(name)).toBe(false);
    expect(fullMatcher('p', '((((a|.)*)*)*)*x')(name)).toBe(false);
    expect(fullMatcher('p', '(?=(?=(?=(.*)*x)*)*)*x')(name)).toBe(false);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1);
  });

  it('many patterns or names are cut off together', () => {
    const budget = wholeMatchBudget('adapter: target_modules');
    const matches = fullMatcher('p', '.*'.repeat(4990), budget);
    const names = Array.from({ length: 2000 }, (_, i) => `model.layers.${i}.self_attn.q_proj`);
    const start = process.cpuUsage();
    expect(() => names.map(matches)).toThrow(WorkLimitError);
    expect(() => fullMatcher('p', 'a', budget)('b')).toThrow(
      'adapter: target_modules: expected at most 10000000 steps of matching',
    );
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });

  it('letters without regard to case', () => {
    expect(fullMatcher('p', '(?i)[k-s]+')('KLs\u017f\u212a')).toBe(true); // re.fullmatch of Python 3.11
    expect(() => fullMatcher('p', String.raw`(?i)\xe9`)).toThrow(UnsupportedError);
  });
});
