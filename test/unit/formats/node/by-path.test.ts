import { describe, expect, it } from 'vitest';
import { folderAt } from '../../../../src/formats/folder/node.ts';
import * as byFolder from '../../../../src/formats/index.ts';
import * as byPath from '../../../../src/formats/node/by-path.ts';

const BASE = 'fixtures/embedded/base';

describe('readers by path are those by folder', () => {
  it('each has the name of one', () => {
    const names = Object.keys(byPath);
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !Object.hasOwn(byFolder, name))).toEqual([]);
  });

  it('checkpoints, reports and tokenizers are the same, from a path and from a folder', () => {
    const folder = folderAt(BASE);
    expect(byPath.loadCheckpoint(BASE)).toEqual(byFolder.loadCheckpoint(folder));
    expect(byPath.loadCheckpoint(folder)).toEqual(byFolder.loadCheckpoint(folder));
    expect(byPath.inspectFolder(BASE)).toEqual(byFolder.inspectFolder(folder));
    expect(byPath.loadTokenizer(BASE)!.encode('def f')).toEqual(byFolder.loadTokenizer(folder)!.encode('def f'));
  });

  it('errors name the path as it was written', () => {
    expect(() => byPath.loadCheckpoint('./no such folder/')).toThrow('./no such folder/: expected a folder');
    expect(() => byPath.readChatTemplate(BASE)).toThrow(`${BASE}: expected chat_template.jinja`);
    expect(() => byPath.loadTokenizer('no such folder')).toThrow('no such folder: expected a folder, got ENOENT');
  });
});
