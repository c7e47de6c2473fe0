import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WriteError } from '../../../../../src/errors.ts';
import { OutputFile } from '../../../../../src/formats/folder/node/output-file.ts';
import { temporaryFolder } from '../../../../support/format-folders.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'out');
});

const write = (to: string, ...pieces: (string | Uint8Array)[]): void => {
  const file = OutputFile.open('--trace', to);
  for (const piece of pieces) file.write(piece);
  file.finish();
};

const fileAt = (at: string): string => {
  writeFileSync(at, '');
  return at;
};

describe('a regular file', () => {
  it('appears under its name when it is complete', () => {
    const file = OutputFile.open('--trace', path);
    file.write('a\n');
    file.write('é\n');
    expect(existsSync(path)).toBe(false);
    file.finish();
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readFileSync(path, 'utf8')).toBe('a\né\n');
  });

  it('holds every byte of large and small pieces, in order', () => {
    const pieces = [3, 70_000, 65_535, 1, 0, 200_000].map((length, i) => new Uint8Array(length).fill(i + 1));
    write(path, ...pieces);
    expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('does not see changes of an array after it was written', () => {
    const file = OutputFile.open('--trace', path);
    const bytes = Uint8Array.of(65);
    file.write(bytes);
    bytes[0] = 66;
    file.finish();
    expect(readFileSync(path, 'utf8')).toBe('A');
  });

  it('that is replaced keeps its mode', () => {
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    write(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o7777).toBe(0o640);
  });

  it('stays as it was when the new one is discarded', () => {
    writeFileSync(path, 'old');
    const file = OutputFile.open('--trace', path);
    file.write('new');
    file.discard();
    file.finish();
    expect(() => file.write('more')).toThrow(WriteError);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('tells once that it is over', () => {
    const onEnd = vi.fn();
    const file = OutputFile.open('--trace', path, onEnd);
    file.finish();
    file.discard();
    expect(onEnd).toHaveBeenCalledTimes(1);
  });
});

describe('a symbolic link stays, and its target is replaced', () => {
  it.each([
    ['a file', true],
    ['nothing yet', false],
  ])('%s', (_, exists) => {
    mkdirSync(join(folder, 'elsewhere'));
    const target = join(folder, 'elsewhere', 'target');
    if (exists) writeFileSync(target, 'old');
    symlinkSync('elsewhere/target', join(folder, 'second'));
    symlinkSync('second', path);
    write(path, 'new');
    expect(readlinkSync(path)).toBe('second');
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['target']);
  });

  it('a circle is refused', () => {
    symlinkSync('second', path);
    symlinkSync('out', join(folder, 'second'));
    expect(() => OutputFile.open('--trace', path)).toThrow(/--trace: expected a writable file, got .*ELOOP/);
  });
});

describe('pipes and devices get the bytes as they come', () => {
  it('a pipe stays a pipe', async () => {
    execFileSync('mkfifo', [path]);
    const reader = spawn('cat', [path]);
    let text = '';
    reader.stdout.on('data', (data) => {
      text += data;
    });
    const file = OutputFile.open('--trace', path);
    file.write('one\n');
    await vi.waitFor(() => expect(text).toBe('one\n'));
    file.write('two\n');
    file.finish();
    await new Promise((done) => reader.on('close', done));
    expect(text).toBe('one\ntwo\n');
    expect(lstatSync(path).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('/dev/null stays a device, also through a link', () => {
    symlinkSync('/dev/null', path);
    write(path, 'x');
    expect(statSync(path).isCharacterDevice()).toBe(true);
  });

  it('a full device', () => {
    const file = OutputFile.open('--trace', '/dev/full');
    expect(() => file.write('x')).toThrow(/--trace: expected a writable file, got \/dev\/full \(ENOSPC\)/);
  });
});

describe('finds out before anything is written', () => {
  it.each<[string, () => string, RegExp]>([
    ['no folder', () => join(folder, 'none', 'out'), /ENOENT/],
    ['a folder', () => folder, /EISDIR/],
    ['a file in place of a folder', () => join(fileAt(path), 'x'), /ENOTDIR/],
    ['no name', () => '', /an empty path/],
    ['a NUL in the name', () => 'a\0b', /ERR_INVALID_ARG_VALUE/],
  ])('%s', (_, make, message) => {
    const to = make();
    expect(() => OutputFile.open('--trace', to)).toThrow(WriteError);
    expect(() => OutputFile.open('--trace', to)).toThrow(message);
    expect(readdirSync(folder).filter((name) => name !== 'out')).toEqual([]);
  });

  it('a name that was taken by a folder meanwhile: nothing is left behind', () => {
    const file = OutputFile.open('--trace', path);
    mkdirSync(path);
    expect(() => file.finish()).toThrow(/EISDIR/);
    expect(readdirSync(folder)).toEqual(['out']);
  });
});
