import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.ts';
import { printable, quoted } from '../../src/quoted.ts';

const ESCAPE = '\u001b[2J';

describe('quoted', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
    ['tab\tline\nreturn\r', '"tab\\tline\\nreturn\\r"'],
    [`${ESCAPE}\u0007\u007f\u009b`, '"\\u001b[2J\\u0007\\u007f\\u009b"'],
    ['\u202eabc\u2028\ufeff', '"\\u202eabc\\u2028\\ufeff"'],
    ['\ud800', '"\\ud800"'],
    ['Grüße 猫 🙂', '"Grüße 猫 🙂"'],
  ])('%j becomes %s', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  it('is a literal of the same text as long as it is not cut', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => JSON.parse(quoted(text)) === text));
  });

  it('megabytes become a line', () => {
    expect(quoted('x'.repeat(5_000_000))).toBe(`"${'x'.repeat(80)}…" (5000000 characters)`);
    expect(quoted('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
  });
});

describe('printable', () => {
  it('leaves printable text alone and escapes the rest', () => {
    expect(printable('models/a "b" \\ c: 猫')).toBe('models/a "b" \\ c: 猫');
    expect(printable(`a${ESCAPE}b`)).toBe('a\\u001b[2Jb');
  });

  it('cuts the middle out', () => {
    expect(printable(`${'a'.repeat(500)}${'b'.repeat(500)}`)).toBe(`${'a'.repeat(500)}${'b'.repeat(500)}`);
    expect(printable(`${'a'.repeat(1e6)}: name`, 10)).toBe('aaaaa …  name');
  });
});

describe('every error', () => {
  it('can be printed, whatever its parts hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 3, maxLength: 3 }), ([a, b, c]) => {
        expect(new FormatError(a!, b!, c!).message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('is short, whatever its parts hold', () => {
    const plain = 'x'.repeat(2_000_000);
    expect(new FormatError(plain, plain, plain).message.length).toBeLessThan(3100);
    const controls = '\u0000'.repeat(2_000_000);
    expect(new FormatError(controls, controls, controls).message.length).toBeLessThan(18100);
  });
});
