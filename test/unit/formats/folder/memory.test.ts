import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MissingFileError } from '../../../../src/errors.ts';
import { loadAdapterFolder } from '../../../../src/formats/adapter-folder.ts';
import { loadCheckpoint } from '../../../../src/formats/checkpoint.ts';
import { bytesOf, type Folder, hasFile, isFolder } from '../../../../src/formats/folder/folder.ts';
import { memoryFolder, openBytes } from '../../../../src/formats/folder/memory.ts';
import { folderAt } from '../../../../src/formats/folder/node.ts';
import { inspectFolder } from '../../../../src/formats/inspect.ts';
import { loadTokenizer } from '../../../../src/formats/tokenizer.ts';

/** What a browser would have fetched. */
const fetched = (path: string): Folder =>
  memoryFolder(
    path,
    readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(join(path, name)))] as const),
  );

describe('memoryFolder', () => {
  const five = memoryFolder('m', new Map([['five', Uint8Array.of(1, 2, 3, 4, 5)]]));

  it('lists, opens, and reads at a place', () => {
    expect(five.list()).toEqual(['five']);
    const none = new Uint8Array();
    expect(memoryFolder('m', Object.entries({ b: none, c: none, a: none })).list()).toEqual(['a', 'b', 'c']);
    expect(hasFile(five, 'six')).toBe(false);
    const file = five.open('five');
    const two = new Uint8Array(2);
    file.readInto(3, two);
    expect([file.label, file.size, ...two]).toEqual(['m/five', 5, 4, 5]);
    expect(() => file.readInto(4, two)).toThrow(/m\/five: expected 6 bytes, got 5/);
    file.close();
    expect(() => file.readInto(0, two)).toThrow(MissingFileError);
  });

  it('names what is missing or too large', () => {
    expect(() => five.open('six')).toThrow('m/six: expected a file, got none');
    expect(() => five.open('six', 'index')).toThrow('m/six: expected a file, because index names it, got none');
    expect(() => five.open('../five', 'index')).toThrow(FormatError);
    expect([...bytesOf(five, 'five', 5)]).toEqual([1, 2, 3, 4, 5]);
    expect(() => bytesOf(five, 'five', 4)).toThrow('m/five: expected at most 4 bytes, got 5');
  });

  it('what is read is a copy', () => {
    const bytes = Uint8Array.of(7);
    const read = new Uint8Array(1);
    openBytes('x', bytes).readInto(0, read);
    bytes[0] = 8;
    expect(read[0]).toBe(7);
  });
});

it('isFolder asks for all that readers use', () => {
  expect(isFolder(folderAt('src'))).toBe(true);
  for (const missing of ['label', 'name', 'list', 'open']) {
    expect(isFolder({ ...folderAt('src'), [missing]: undefined }), missing).toBe(false);
  }
  expect([isFolder('src'), isFolder(null)]).toEqual([false, false]);
});

describe('what readers make of a folder in memory is what they make of the disk', () => {
  // Sharded, so that files are opened by names that another file gives.
  it.each(['fixtures/goldens/llama-sharded/base', 'fixtures/embedded/base'])(
    'checkpoint and tokenizer of %s',
    (path) => {
      const [memory, disk] = [fetched(path), folderAt(path)];
      expect(loadCheckpoint(memory).transformer).toEqual(loadCheckpoint(disk).transformer);
      expect(loadTokenizer(memory)?.vocabularySize).toBe(loadTokenizer(disk)?.vocabularySize);
    },
  );

  it('adapter and heads', () => {
    const { transformer } = loadCheckpoint(folderAt('fixtures/embedded/base'));
    const path = 'fixtures/embedded/adapter';
    const [memory, disk] = [fetched(path), folderAt(path)].map((place) => loadAdapterFolder(place, transformer));
    expect({ ...memory, adapter: memory!.adapter?.updates }).toEqual({ ...disk, adapter: disk!.adapter?.updates });
    expect(memory!.kind).toBe('turbo_lora');
  });

  it('reports', () => {
    const path = 'fixtures/embedded/base';
    expect(inspectFolder(fetched(path))).toEqual(inspectFolder(folderAt(path)));
  });
});
