import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MissingFileError } from '../../../src/errors.ts';
import { closeFile, hasFile, listFolder, openFile, pathInside, readInto } from '../../../src/formats/files.ts';
import { temporaryFolder } from '../../support/format-folders.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'five'), 'abcde');

describe('open files', () => {
  it('reads a span, and says when the file ends early', () => {
    const file = openFile(join(folder, 'five'));
    const bytes = new Uint8Array(2);
    readInto(file, 3, bytes);
    expect(String.fromCharCode(...bytes)).toBe('de');
    expect(() => readInto(file, 4, bytes)).toThrow(/expected 6 bytes, got 5/);
    closeFile(file);
  });

  it('a second close leaves alone the file that got its descriptor since', () => {
    const first = openFile(join(folder, 'five'));
    closeFile(first);
    const second = openFile(join(folder, 'five'));
    expect(second.descriptor).toBe(first.descriptor);
    closeFile(first);
    readInto(second, 0, new Uint8Array(5));
    expect(() => readInto(first, 0, new Uint8Array(5))).toThrow(MissingFileError);
    closeFile(second);
  });

  it('missing folders and names', () => {
    expect(() => listFolder(join(folder, 'absent'))).toThrow(MissingFileError);
    expect(() => listFolder(join(folder, 'five'))).toThrow(/a folder, got ENOTDIR/);
    expect(hasFile(folder, 'five')).toBe(true);
    expect(hasFile(folder, 'six')).toBe(false);
    expect(hasFile(join(folder, 'five'), 'x')).toBe(false);
    expect(() => openFile('a\0b')).toThrow(MissingFileError);
  });
});

describe('pathInside', () => {
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  writeFileSync(join(inner, 'shard'), '');
  symlinkSync('shard', join(inner, 'link'));
  symlinkSync('../five', join(inner, 'out'));

  it('plain names and links that stay inside', () => {
    expect(pathInside('index', inner, 'shard')).toBe(join(inner, 'shard'));
    expect(pathInside('index', inner, 'link')).toBe(join(inner, 'link'));
  });

  it.each(['../five', '/etc/passwd', '..', '.', '', 'a/b', 'a\\b', 'a\0b', 'out'])('refuses %j', (name) => {
    expect(() => pathInside('index', inner, name)).toThrow(FormatError);
    expect(() => pathInside('index', inner, name)).toThrow(/index: expected the name of a file in the same folder/);
  });

  it('a file that is not there', () => {
    expect(() => pathInside('index', inner, 'absent')).toThrow(/because index names it, got ENOENT/);
  });

  it('the cache of huggingface_hub links to its blobs, and only there', () => {
    const cache = join(folder, 'models--a--b');
    const snapshot = join(cache, 'snapshots', 'main');
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(join(cache, 'blobs'));
    writeFileSync(join(cache, 'blobs', '0a'), '');
    symlinkSync('../../blobs/0a', join(snapshot, 'shard'));
    symlinkSync('../../../five', join(snapshot, 'out'));
    expect(pathInside('index', snapshot, 'shard')).toBe(join(snapshot, 'shard'));
    expect(() => pathInside('index', snapshot, 'out')).toThrow(FormatError);
  });
});
