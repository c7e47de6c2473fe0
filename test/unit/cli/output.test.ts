import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jsonPieces } from '../../../src/cli/json-pieces.ts';
import {
  printJson,
  printText,
  progress,
  ReaderGone,
  say,
  standardStreams,
  withoutControls,
} from '../../../src/cli/output.ts';
import { exitCodeOf } from '../../../src/cli/run.ts';
import { UnexpectedResult } from '../../../src/cli/unexpected-result.ts';
import { FormatError, WriteError } from '../../../src/errors.ts';

const terminal = vi.hoisted(() => ({ is: false }));
vi.mock('node:tty', () => ({ isatty: () => terminal.is }));

const ESCAPE = '\u001b';

afterEach(() => void vi.restoreAllMocks());

function captured(action: () => void): string {
  let text = '';
  vi.spyOn(standardStreams, 'write').mockImplementation((_, piece) => {
    text += piece;
  });
  action();
  return text;
}

const failing = (code: string): void => {
  vi.spyOn(standardStreams, 'write').mockImplementation(() => {
    throw Object.assign(new Error('no'), { code });
  });
};

describe('what a terminal would obey', () => {
  it('never leaves in messages, and neither do megabytes', () => {
    const text = captured(() => say(`a${ESCAPE}[2J\u009b2J\u202e\nb ${'x'.repeat(5_000_000)}`));
    expect(text).toMatch(/^a\\u001b\[2J\\u009b2J\\u202e\nb x+ … x+\n$/);
    expect(text.length).toBeLessThan(5000);
  });

  it('leaves as escapes in JSON, so that the value is the same', () => {
    const value = { [`\u009b${ESCAPE}`]: ['\u007f\u0085 é😀\t'] };
    const text = captured(() => printJson(value));
    expect(text).toBe('{"\\u009b\\u001b":["\\u007f\\u0085 é😀\\t"]}\n');
    expect(JSON.parse(text)).toEqual(value);
  });

  it('is escaped in generated text on a terminal, and nowhere else', () => {
    const text = `a${ESCAPE}[31m\n`;
    expect(captured(() => printText(text))).toBe(text);
    terminal.is = true;
    expect(captured(() => printText(text))).toBe('a\\u001b[31m\n');
    terminal.is = false;
  });

  it('is escaped in texts, except for newlines and tabs', () => {
    expect(withoutControls(`a\tb\r\nc\n${ESCAPE}[31m\rd\u0007\u009b👨‍👩‍👧`)).toBe(
      'a\tb\r\nc\n\\u001b[31m\\rd\\u0007\\u009b👨‍👩‍👧',
    );
  });
});

it('a progress bar leaves cursor and wrapping alone, so there is nothing to restore', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 }) as unknown as NodeJS.WriteStream;
  const bar = progress('plain', 3, undefined, stream);
  bar.advance();
  bar.done();
  const written = String((stream as unknown as PassThrough).read());
  expect(written).toContain('plain');
  expect(written).not.toContain(`${ESCAPE}[?`);
});

describe('exit codes', () => {
  it('no room for a message: the code of what it was about', () => {
    failing('ENOSPC');
    expect(exitCodeOf(new FormatError('a', 'b', 'c'))).toBe(2);
    expect(exitCodeOf(new TypeError('x'))).toBe(3);
    expect(exitCodeOf(new UnexpectedResult('x'))).toBe(1);
  });

  it.each([
    ['ENOSPC', WriteError, 2],
    ['EBADF', WriteError, 2],
    ['EIO', WriteError, 2],
    ['EPIPE', ReaderGone, 141],
  ] as const)('%s on stdout', (code, kind, exitCode) => {
    failing(code);
    expect(() => printJson(1)).toThrow(kind);
    try {
      printJson(1);
    } catch (error) {
      expect(exitCodeOf(error)).toBe(exitCode);
    }
  });
});

describe('jsonPieces', () => {
  it.each([
    [{ a: [[1, 2.5], [], [{ b: undefined, c: 'é"' }]], d: undefined, e: null }],
    [[]],
    [{}],
    [[undefined, 1]],
    ['x'],
    [null],
    [{ at: new Date(0), list: [new Date(0)] }],
    [{ only: undefined }],
  ])('spells %j as JSON.stringify does', (value) => {
    expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
  });

  it('does not put a large list of rows into one string', () => {
    const rows = Array.from({ length: 100 }, () => Array(100).fill(1));
    expect(Math.max(...[...jsonPieces({ rows })].map(({ length }) => length))).toBeLessThan(300);
  });
});
