import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputName, piecesOf, readInput } from '../../../src/cli/input-stream.ts';
import { FormatError, MissingFileError } from '../../../src/errors.ts';
import { temporaryFolder } from '../../support/format-folders.ts';

const folder = temporaryFolder();

describe('readInput', () => {
  it('a file of several pieces', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
    writeFileSync(join(folder, 'file'), bytes);
    expect(Buffer.from(bytes).equals(await readInput(join(folder, 'file'), 3_000_000))).toBe(true);
    await expect(readInput(join(folder, 'file'), 2_999_999)).rejects.toThrow(/at most 2999999 bytes, got more/);
  });

  it('a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    spawn('sh', ['-c', `printf one > ${pipe}`]);
    expect(Buffer.from(await readInput(pipe, 100)).toString()).toBe('one');
  });

  it('a device without an end', async () => {
    await expect(readInput('/dev/zero', 1_000_000)).rejects.toThrow(
      /\/dev\/zero: expected at most 1000000 bytes, got more/,
    );
  });

  it('refuses a folder and what is not there', async () => {
    mkdirSync(join(folder, 'inner'));
    await expect(readInput(join(folder, 'inner'), 1)).rejects.toThrow(FormatError);
    await expect(readInput(join(folder, 'inner'), 1)).rejects.toThrow(/a file or a stream, got a folder/);
    await expect(readInput(join(folder, 'none'), 1)).rejects.toThrow(MissingFileError);
    await expect(readInput(join(folder, 'none'), 1)).rejects.toThrow(/none: expected a readable file, got ENOENT/);
  });
});

it('reading stops with the loop', async () => {
  for await (const piece of piecesOf('/dev/zero')) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
});

it('standard input has a name', () => {
  expect(['-', 'a'].map(inputName)).toEqual(['standard input', 'a']);
});
