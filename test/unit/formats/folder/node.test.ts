import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MissingFileError } from '../../../../src/errors.ts';
import { hasFile } from '../../../../src/formats/folder/folder.ts';
import { folderAt, openFile } from '../../../../src/formats/folder/node.ts';
import { temporaryFolder } from '../../../support/format-folders.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'five'), 'abcde');

describe('open files', () => {
  it('reads a span, and says when the file ends early', () => {
    const file = openFile(join(folder, 'five'));
    const bytes = new Uint8Array(2);
    file.readInto(3, bytes);
    expect(String.fromCharCode(...bytes)).toBe('de');
    expect(() => file.readInto(4, bytes)).toThrow(/expected 6 bytes, got 5/);
    file.close();
  });

  it('a second close leaves alone the file that got its descriptor since', () => {
    const first = openFile(join(folder, 'five'));
    first.close();
    const second = openFile(join(folder, 'five'));
    expect(second.descriptor).toBe(first.descriptor);
    first.close();
    second.readInto(0, new Uint8Array(5));
    expect(() => first.readInto(0, new Uint8Array(5))).toThrow(MissingFileError);
    second.close();
  });

  it('missing folders and names', () => {
    expect(() => folderAt(join(folder, 'absent')).list()).toThrow(MissingFileError);
    expect(() => folderAt(join(folder, 'five')).list()).toThrow(/a folder, got ENOTDIR/);
    expect(hasFile(folderAt(folder), 'five')).toBe(true);
    expect(hasFile(folderAt(folder), 'six')).toBe(false);
    expect(() => hasFile(folderAt(join(folder, 'five')), 'x')).toThrow(MissingFileError);
    expect(() => openFile('a\0b')).toThrow(MissingFileError);
  });
});

describe('folderAt', () => {
  it('is labelled as the user wrote it and named after itself', () => {
    expect(folderAt('src/formats/')).toMatchObject({ label: 'src/formats/', name: 'formats' });
    const cached = join(folder, 'models--owner--Model-1B', 'snapshots', 'main');
    expect(folderAt(cached).name).toBe('owner/Model-1B');
    const whole = folderAt(folder);
    expect(folderAt(whole)).toBe(whole);
  });
});

describe('files that other files name', () => {
  const path = join(folder, 'inner');
  const inner = folderAt(path);
  mkdirSync(path);
  writeFileSync(join(path, 'shard'), '');
  symlinkSync('shard', join(path, 'link'));
  symlinkSync('../five', join(path, 'out'));

  it('plain names and links that stay inside', () => {
    expect(inner.open('shard', 'index').label).toBe(join(path, 'shard'));
    expect(inner.open('link', 'index').label).toBe(join(path, 'link'));
  });

  it('a link out of the folder is fine where the user asked for the file', () => {
    expect(inner.open('out').size).toBe(5);
  });

  it.each(['../five', '/etc/passwd', '..', '.', '', 'a/b', 'a\\b', 'a\0b', 'out'])('refuses %j', (name) => {
    expect(() => inner.open(name, 'index')).toThrow(FormatError);
    expect(() => inner.open(name, 'index')).toThrow(/index: expected the name of a file in the same folder/);
  });

  it('a missing file', () => {
    expect(() => inner.open('absent', 'index')).toThrow(/because index names it, got ENOENT/);
  });

  it('the cache of huggingface_hub links to its blobs, and only there', () => {
    const cache = join(folder, 'models--a--b');
    const snapshot = join(cache, 'snapshots', 'main');
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(join(cache, 'blobs'));
    writeFileSync(join(cache, 'blobs', '0a'), '');
    symlinkSync('../../blobs/0a', join(snapshot, 'shard'));
    symlinkSync('../../../five', join(snapshot, 'out'));
    expect(folderAt(snapshot).open('shard', 'index').label).toBe(join(snapshot, 'shard'));
    expect(() => folderAt(snapshot).open('out', 'index')).toThrow(FormatError);
  });
});
