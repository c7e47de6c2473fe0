import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { collect, integer, integers, number, refuseMisreadings } from '../../../src/cli/arguments.ts';
import { OptionError } from '../../../src/errors.ts';

describe('number', () => {
  const read = number('x');
  it.each<[string, number]>([
    ['0', 0],
    ['-0.5', -0.5],
    ['.9', 0.9],
    ['1e-6', 1e-6],
    ['1E+3', 1000],
    ['0e5', 0],
    ['0.00', 0],
    ['5e-324', 5e-324],
    ['007', 7],
  ])('%s', (text, value) => expect(read(text)).toBe(value));

  const notDecimal = [
    '',
    ' 1',
    '1 ',
    '0x10',
    '0b1',
    '1_000',
    '1,5',
    '٣',
    '１',
    'Infinity',
    'NaN',
    '+1',
    '1.',
    '.',
    '1e',
    '--1',
    '1n',
    'hot',
  ];
  it.each(notDecimal)('refuses %j', (text) => {
    expect(() => read(text)).toThrow(OptionError);
    expect(() => read(text)).toThrow(`--x: expected a decimal number, got ${JSON.stringify(text)}`);
  });

  it.each(['1e-400', '-0.001e-400', '1e999', '-1e309'])('refuses %s, which float64 cannot hold', (text) => {
    expect(() => read(text)).toThrow(`--x: expected a number that fits in float64, got "${text}"`);
  });
});

describe('integers', () => {
  it('one', () => {
    expect(['0', '-3', '9007199254740991'].map(integer('seed'))).toEqual([0, -3, Number.MAX_SAFE_INTEGER]);
  });

  it.each(['1.0', '1.5', '1e3', '', ' 1', '0x10', '٣'])('refuses %j', (text) => {
    expect(() => integer('seed')(text)).toThrow(`--seed: expected an integer, got ${JSON.stringify(text)}`);
  });

  it('of at least a number', () => {
    expect(integer('batch', 1)('1')).toBe(1);
    expect(() => integer('batch', 1)('0')).toThrow('--batch: expected an integer of at least 1, got 0');
    expect(() => integer('batch', 1)('x')).toThrow('--batch: expected an integer of at least 1, got "x"');
  });

  it('too large to be exact', () => {
    expect(() => integer('seed')('9007199254740993')).toThrow(
      /--seed: expected an integer within .*"9007199254740993"/,
    );
  });

  it('a list', () => {
    expect(integers('tokens')('1,2, 3')).toEqual([1, 2, 3]);
    for (const text of ['', '1,', '1,,2', '1;2', '1,\u00a02', '1,2.0']) {
      expect(() => integers('tokens')(text)).toThrow(/--tokens: expected integers separated by commas/);
    }
  });
});

describe('refuseMisreadings', () => {
  const parse = (...args: string[]): unknown => {
    const command = new Command('x')
      .exitOverride()
      .option('--tokens <ids>', '', integers('tokens'))
      .option('--name <text>')
      .option('--model <dir>')
      .option('--adapter <[name=]dir>', '', collect)
      .option('--stop <text>', '', collect)
      .option('--json')
      .argument('[dir]', '');
    return refuseMisreadings(command).parse(args, { from: 'user' }).opts();
  };

  it('an option with one value, given twice', () => {
    expect(() => parse('--tokens', '1', '--tokens', '2')).toThrow('--tokens: expected one value, got several');
    expect(() => parse('--name', 'a', '--name=a')).toThrow(OptionError);
  });

  it('an empty path', () => {
    expect(() => parse('--model', '')).toThrow('--model: expected a path, got an empty string');
    expect(() => parse('')).toThrow('<dir>: expected a path, got an empty string');
  });

  it('an option in place of a path', () => {
    expect(() => parse('--model', '--json')).toThrow('--model: expected a path, got the option --json');
    expect(() => parse('--adapter', '--model')).toThrow('--adapter: expected a path, got the option --model');
    expect(parse('--name', '--json', '--model', './--json')).toEqual({ name: '--json', model: './--json' });
  });

  it('leaves alone what may be repeated or empty', () => {
    expect(parse('--stop', 'a', '--stop', 'b', '--json', '--json', '--name', '', '--tokens', '1', 'folder')).toEqual({
      stop: ['a', 'b'],
      json: true,
      name: '',
      tokens: [1],
    });
  });
});
