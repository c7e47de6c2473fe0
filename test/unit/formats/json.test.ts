import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MissingFileError } from '../../../src/errors.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { kindOf, parseJson, readJson } from '../../../src/formats/json.ts';
import { temporaryFolder } from '../../support/format-folders.ts';

const folder = temporaryFolder();
const parse = (text: string) => parseJson('a.json', new TextEncoder().encode(text));

describe('parseJson', () => {
  it('objects, with nested lists and escapes', () => {
    expect(parse(String.raw`{"a": [1, {"b": "x\"y:{["}], "c": null, "é": {}}`)).toEqual({
      a: [1, { b: 'x"y:{[' }],
      c: null,
      é: {},
    });
  });

  it.each([
    ['{"a": 1, "a": 2}', /each key once, got "a" twice/],
    [String.raw`{"a": 1, "\u0061": 2}`, /each key once/],
    ['{"x": {"b": 1, "c": [], "b": 2}}', /each key once, got "b" twice/],
    ['[1]', /expected a JSON object, got a list of 1/],
    ['3', /a JSON object, got 3/],
    ['{"a": }', /expected JSON/],
    ['', /expected JSON/],
    ['\ufeff{}', /byte order mark/],
    [`{"a": ${'['.repeat(80)}${']'.repeat(80)}}`, /nested at most 64 deep/],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(FormatError);
    expect(() => parse(text)).toThrow(message);
  });

  it('the same key in two objects is fine, and so is a key that prototypes have', () => {
    expect(parse('{"a": {"k": 1}, "b": {"k": 1}, "constructor": 1}')).toHaveProperty('constructor', 1);
    const odd = parse('{"__proto__": {"polluted": true}}');
    expect(Object.hasOwn(odd, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('bytes that are not UTF-8', () => {
    expect(() => parseJson('a.json', Uint8Array.of(0x7b, 0xff, 0x7d))).toThrow(/a\.json: expected UTF-8/);
  });

  it('a string of many megabytes, all escapes', () => {
    const text = `{"a": "${'\\n'.repeat(4_000_000)}"}`;
    expect(String(parse(text).a).length).toBe(4_000_000);
  });
});

describe('readJson', () => {
  const read = (name: string) => readJson(folderAt(folder), name);

  it('names the file in every error', () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{');
    expect(() => read('broken.json')).toThrow(path);
    expect(() => read('absent.json')).toThrow(MissingFileError);
    expect(() => read('absent.json')).toThrow(/absent\.json: expected a file, got ENOENT/);
  });

  it('refuses a folder, a pipe and a file over 100 MB without reading them', () => {
    const directory = join(folder, 'directory.json');
    mkdirSync(directory);
    expect(() => read('directory.json')).toThrow(/a regular file/);
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    expect(() => read('pipe.json')).toThrow(/a regular file/);
    const large = join(folder, 'large.json');
    writeFileSync(large, '{}');
    truncateSync(large, 100_000_001);
    expect(() => read('large.json')).toThrow(/at most 100000000 bytes/);
  });
});

it('kindOf keeps messages short', () => {
  expect([null, [1, 2], { a: 1 }, 'x', 1.5, true].map(kindOf)).toEqual([
    'null',
    'a list of 2',
    'an object',
    '"x"',
    '1.5',
    'true',
  ]);
  expect(kindOf('x'.repeat(1000))).toBe(`"${'x'.repeat(80)}…" (1000 characters)`);
});
