import { describe, expect, it } from 'vitest';
import { OptionError } from '../../../src/errors.ts';
import type { Folder } from '../../../src/formats/folder/folder.ts';
import { memoryFolder } from '../../../src/formats/folder/memory.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { load as loadFolder } from '../../../src/language-model/load.ts';
import { load } from '../../../src/language-model/node.ts';

const [BASE, ADAPTER] = ['fixtures/embedded/base', 'fixtures/embedded/adapter'] as const;

/** A folder of the disk, read into memory. */
function inMemory(path: string): Folder {
  const disk = folderAt(path);
  return memoryFolder(
    disk.name,
    disk.list().map((name) => {
      const file = disk.open(name);
      const bytes = new Uint8Array(file.size);
      file.readInto(0, bytes);
      file.close();
      return [name, bytes] as const;
    }),
  );
}

describe('load', () => {
  it('a path, a folder of the disk and one in memory give the same text, also where they are mixed', async () => {
    const models = [
      await load(BASE, { adapter: ADAPTER }),
      await load(folderAt(BASE), { adapter: ADAPTER }),
      await load(inMemory(BASE), { adapters: { mine: ADAPTER, other: inMemory(ADAPTER) } }),
      await loadFolder(inMemory(BASE), { adapter: inMemory(ADAPTER) }),
    ];
    const adapters = [undefined, undefined, 'other', undefined];
    const texts = models.map((model, i) => model.complete('def f(x):\n', { maxNewTokens: 12, adapter: adapters[i] }));
    const [first, ...others] = await Promise.all(texts);
    expect(first!.tokens.length).toBeGreaterThan(4);
    for (const { tokens, targetForwards } of others) {
      expect({ tokens, targetForwards }).toEqual({ tokens: first!.tokens, targetForwards: first!.targetForwards });
    }
  });

  it.each([[''], [7], [null], [{}]])('refuses %j for a folder', async (place) => {
    await expect(load(place as never)).rejects.toThrow(/^model: expected a folder/);
    await expect(load(BASE, { adapters: { a: place } } as never)).rejects.toThrow(OptionError);
    await expect(loadFolder(place as never)).rejects.toThrow(OptionError);
  });

  it('without Node a path is no folder', async () => {
    await expect(loadFolder(BASE as never)).rejects.toThrow(/^model: expected a folder, got "fixtures/);
    await expect(loadFolder(folderAt(BASE), { adapter: ADAPTER } as never)).rejects.toThrow(
      /^adapter: expected a folder/,
    );
  });

  it('options must be an object', async () => {
    await expect(load(BASE, [ADAPTER] as never)).rejects.toThrow(/^load options: expected an object/);
    await expect(load(BASE, null as never)).rejects.toThrow(OptionError);
  });
});
