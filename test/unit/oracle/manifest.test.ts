import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../src/errors.ts';
import { lintManifest, manifestFrom, sha256 } from '../../../src/oracle/manifest.ts';

const bytes = new Uint8Array([1, 2, 3]);
const hash = createHash('sha256').update(bytes).digest('hex');
const entry = { path: 'a', bytes: 3, sha256: hash };
const lint = (files: Record<string, Uint8Array<ArrayBuffer>>, ...listed: (typeof entry)[]) =>
  lintManifest(new Map(Object.entries(files)), { formatVersion: 1, files: listed });

describe('the list of fixtures', () => {
  it('hashes as others do', async () => {
    expect(await sha256(bytes)).toBe(hash);
  });

  it('agrees with the files', async () => {
    expect(await lint({ a: bytes }, entry)).toEqual([]);
  });

  it('finds what is missing, extra, changed or listed twice', async () => {
    expect(await lint({}, entry)).toEqual([{ path: 'a', problem: 'is listed but missing' }]);
    expect(await lint({ a: bytes, b: bytes }, entry)).toEqual([{ path: 'b', problem: 'is not listed' }]);
    expect(await lint({ a: new Uint8Array(2) }, entry)).toEqual([{ path: 'a', problem: 'has 2 bytes, not 3' }]);
    expect((await lint({ a: new Uint8Array(3) }, entry))[0]!.problem).toMatch(/another hash/);
    expect(await lint({ a: bytes }, entry, entry)).toEqual([{ path: 'a', problem: 'is listed twice' }]);
  });

  it('is refused with a field that is missing, unknown or wrong', () => {
    for (const wrong of [null, [], {}, { formatVersion: 2, files: [] }, { formatVersion: 1, files: [], more: 1 }]) {
      expect(() => manifestFrom(wrong)).toThrow(FormatError);
    }
    expect(() => manifestFrom({ formatVersion: 1, files: [{ ...entry, sha256: 'x' }] })).toThrow(/files: 0: sha256/);
  });
});
