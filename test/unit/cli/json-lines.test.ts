import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JsonLine, jsonLines, type LineBounds } from '../../../src/cli/json-lines.ts';
import { FormatError } from '../../../src/errors.ts';
import { temporaryFolder } from '../../support/format-folders.ts';

const path = join(temporaryFolder(), 'a.jsonl');

async function read(content: string | Uint8Array, bounds?: LineBounds): Promise<JsonLine[]> {
  writeFileSync(path, content);
  return collect(path, bounds);
}

async function collect(from: string, bounds?: LineBounds): Promise<JsonLine[]> {
  const lines: JsonLine[] = [];
  for await (const line of jsonLines(from, bounds)) lines.push(line);
  return lines;
}

describe('jsonLines', () => {
  it('one value per line, with CRLF, blank lines that count, and no newline at the end', async () => {
    const lines = await read('{"a":1}\r\n\n \t\r\n"é😀"\n[2]');
    expect(lines).toEqual([
      { value: { a: 1 }, where: `${path} line 1` },
      { value: 'é😀', where: `${path} line 4` },
      { value: [2], where: `${path} line 5` },
    ]);
    expect(await read('')).toEqual([]);
    expect(await read('\n')).toEqual([]);
  });

  it('lines that lie across the pieces that are read', async () => {
    const values = [1, 524_280, 524_286, 524_287, 524_288, 1_200_000, 3].map((length) => 'é'.repeat(length));
    const lines = await read(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    expect(lines.map(({ value }) => value)).toEqual(values);
  });

  const latin1 = Uint8Array.from(Buffer.from('1\n{"prompt":"caf\xe9"}\n', 'latin1'));
  it.each<[string, string | Uint8Array, RegExp]>([
    ['latin-1', latin1, /line 2: expected UTF-8, got 0xe9 as byte 15/],
    ['half a character', Uint8Array.of(0x22, 0xf0, 0x9f, 0x0a), /line 1: expected UTF-8, got 0xf0 as byte 2/],
    ['a surrogate as bytes', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), /line 1: expected UTF-8, got 0xed as byte 2/],
    ['a lone surrogate', '\n"é\\\\\\ud83d"', /line 2: expected characters, got a lone surrogate, \\ud83d at byte 6/],
    ['a lone low surrogate', '"\\ud83d\\ude00\\ude00"', /line 1: .*\\ude00 at byte 14/],
    ['a key twice', '1\n2\n{"a":1,"a":2}', /line 3: expected each key once, got "a" twice/],
    ['a byte order mark', '\ufeff1', /line 1: expected text, got a byte order mark before it/],
    ['no JSON', '1\n{"a":}\n', /line 2: expected JSON/],
    ['two values', '1 2', /line 1: expected JSON/],
    ['deep nesting', `${'['.repeat(65)}${']'.repeat(65)}`, /line 1: .*nested at most 64 deep/],
  ])('refuses %s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(FormatError);
    await expect(read(content)).rejects.toThrow(message);
  });

  it('pairs of surrogates and escaped backslashes are fine', async () => {
    const [line] = await read('"\\ud83d\\ude00 \\\\ud83d"');
    expect(line!.value).toBe('😀 \\ud83d');
  });

  it('bounds', async () => {
    expect((await read('[1]\n[2]\n', { longest: 3, most: 8 })).length).toBe(2);
    await expect(read('[1]\n[22]\n', { longest: 3 })).rejects.toThrow(/line 2: expected at most 3 bytes, got more/);
    await expect(read('[1]\n[2]\n', { most: 7 })).rejects.toThrow(/a\.jsonl: expected at most 7 bytes, got more/);
    await expect(collect('/dev/zero')).rejects.toThrow(/\/dev\/zero line 1: expected at most 67108864 bytes, got more/);
  });
});
