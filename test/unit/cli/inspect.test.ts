import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import {
  headTensors,
  subfolder,
  temporaryFolder,
  tensorsOf,
  tinyConfig,
  writeCheckpoint,
  writeHeads,
} from '../../support/format-folders.ts';
import { randomHeads, randomModel } from '../../support/random-model.ts';

const root = temporaryFolder();

/** Words of a table, whatever its width. */
const wordsOf = (table: string): string => table.replace(/[│┌┐└┘├┤┬┴┼─\s]+/g, ' ');

describe('inspect', () => {
  it('a checkpoint that loads is supported: exit 0', async () => {
    const folder = subfolder(root, 'good');
    writeCheckpoint(folder, tensorsOf(randomModel(1, tinyConfig)));
    const { code, stdout } = await commandLine('inspect', folder);
    expect([code, wordsOf(stdout)]).toEqual([0, expect.stringContaining(' supported yes ')]);
  });

  it('says how many heads the file holds, and that it is not supported: exit 1', async () => {
    const folder = subfolder(root, 'heads');
    const config = { medusa_num_heads: 4, medusa_num_layers: 1 };
    writeHeads(folder, headTensors(randomHeads(3, tinyConfig, 3)), config);
    const { code, stdout } = await commandLine('inspect', folder);
    expect(code).toBe(1);
    expect(wordsOf(stdout)).toContain('4 heads (the file holds 3)');
    expect(wordsOf(stdout)).toMatch(
      /not supported .*3\.0\.linear\.weight: expected a tensor of shape \[12, 12\], got none/,
    );
  });

  it('a folder with nothing known in it: exit 2, and says what was looked for', async () => {
    const folder = subfolder(root, 'nothing');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    const { code, stdout, stderr } = await commandLine('inspect', folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/expected a checkpoint, a LoRA, speculative heads or a tokenizer, got none of their files/);
  });
});
