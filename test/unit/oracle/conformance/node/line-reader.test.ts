import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../../../src/oracle/conformance/node/line-reader.ts';

function read(limit: number, ...pieces: readonly (string | Uint8Array)[]): { lines: string[]; tooLong: number } {
  const read = { lines: [] as string[], tooLong: 0 };
  const reader = new LineReader(
    limit,
    (line) => read.lines.push(line),
    () => {
      read.tooLong += 1;
    },
  );
  for (const piece of pieces) reader.push(Buffer.from(piece as string));
  return read;
}

describe('lines from pieces', () => {
  it('end at newlines, wherever pieces end', () => {
    expect(read(10, 'a', 'b\nc\n\n', 'd').lines).toEqual(['ab', 'c', '']);
    expect(read(10, 'ab\n', 'c\n').lines).toEqual(['ab', 'c']);
  });

  it('keep characters whose bytes come apart', () => {
    const [first, second] = Buffer.from('é');
    expect(read(10, Uint8Array.of(first!), Uint8Array.of(second!, 10)).lines).toEqual(['é']);
  });

  it('have a limit for each line; after a longer one nothing more is read', () => {
    expect(read(3, 'abc\ndef\n')).toEqual({ lines: ['abc', 'def'], tooLong: 0 });
    expect(read(3, 'ab\nabcd\nef\n')).toEqual({ lines: ['ab'], tooLong: 1 });
    expect(read(3, 'ab', 'cd', 'ef\n', 'gh\n')).toEqual({ lines: [], tooLong: 1 });
  });
});
