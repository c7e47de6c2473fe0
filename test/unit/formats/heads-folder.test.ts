import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MismatchError, NonFiniteError, UnsupportedError } from '../../../src/errors.ts';
import { loadAdapterFolder } from '../../../src/formats/node/by-path.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { base, type Changes, heads, headsFolder, loraFolder, newFolder, zeros } from '../../support/adapter-folders.ts';
import { headTensors, writeHeads } from '../../support/format-folders.ts';

describe('speculative heads', () => {
  it('turbo heads share the LM head', () => {
    const loaded = loadAdapterFolder(headsFolder({ version: 2 }), base);
    expect(loaded).toEqual({ adapter: null, heads, kind: 'turbo', warnings: [] });
  });

  it('Medusa heads have layers and their own LM head', () => {
    const medusa = heads.map(({ layers }) => ({ layers: [...layers, ...layers], output: base.head.weight }));
    const folder = newFolder();
    writeHeads(folder, headTensors(medusa), {
      medusa_num_heads: 2,
      medusa_num_layers: 2,
      base_model_name_or_path: 'b',
    });
    expect(loadAdapterFolder(folder, base).heads).toEqual(medusa);
  });

  it('the tensors count, not the version', () => {
    for (const version of [1, '1', '1.0']) {
      const loaded = loadAdapterFolder(headsFolder({ version }), base);
      expect(loaded.heads![0]!.output).toBe(null);
      expect(loaded.warnings[0]).toMatch(/version 1, but the tensors are those of version 2, which counts/);
    }
  });

  it('with a LoRA they are a Turbo LoRA', () => {
    const folder = loraFolder({ base_model_name_or_path: 'one-1B' });
    writeHeads(folder, headTensors(heads), {
      medusa_num_heads: 2,
      medusa_num_layers: 1,
      base_model_name_or_path: 'two-2B',
    });
    const loaded = loadAdapterFolder(folder, base, 'three-3B');
    expect(loaded.kind).toBe('turbo_lora');
    expect(loaded.warnings).toEqual([`${folder}: trained on one-1B and two-2B, used on three-3B`]);
  });

  it.each<[object, Changes, new (...args: never[]) => Error, RegExp]>([
    [
      {},
      { '0.0.linear.weight': zeros([13, 13]) },
      MismatchError,
      /0\.0\.linear\.weight: expected shape \[12, 12\], to fit the base, got \[13, 13\]/,
    ],
    [{}, { '1.0.linear.bias': null }, FormatError, /1\.0\.linear\.bias: expected a tensor of shape \[12\], got none/],
    [{ medusa_num_heads: 3 }, {}, FormatError, /2\.0\.linear\.weight/],
    [
      { medusa_num_heads: 1 },
      {},
      FormatError,
      /1\.0\.linear\..*: expected only tensors that config\.json accounts for/,
    ],
    [
      {},
      { '0.1.weight': zeros([10, 12]), '1.1.weight': zeros([10, 12]) },
      MismatchError,
      /0\.1\.weight: expected shape \[11, 12\]/,
    ],
    [{}, { '0.1.weight': zeros([11, 12]) }, FormatError, /1\.1\.weight: expected a tensor/],
    [{}, { '1.1.weight': zeros([11, 12]) }, FormatError, /1\.1\.weight: expected only tensors/],
    [
      { medusa_num_layers: 2 },
      {},
      UnsupportedError,
      /medusa_num_layers: expected 1 for heads without their own LM head, got 2/,
    ],
    [{ medusa_num_layers: 0 }, {}, UnsupportedError, /medusa_num_layers/],
    [{ medusa_num_heads: 0 }, {}, FormatError, /medusa_num_heads/],
    [{ medusa_num_heads: 1e9 }, {}, FormatError, /medusa_num_heads/],
    [{ version: 3 }, {}, UnsupportedError, /version: expected 1 or 2, got 3/],
    [{ version: 'x' }, {}, UnsupportedError, /version/],
    [{ novel: 1 }, {}, UnsupportedError, /config\.json: novel: expected a known key/],
  ])('refused: %#', (config, changes, error, message) => {
    const folder = headsFolder(config, changes);
    expect(() => loadAdapterFolder(folder, base)).toThrow(error);
    expect(() => loadAdapterFolder(folder, base)).toThrow(message);
  });

  it('NaN, pickle and missing files', () => {
    const bad = stored('x', 'BF16', new Uint16Array(12).fill(0x7fc0), [12]);
    expect(() => loadAdapterFolder(headsFolder({}, { '0.0.linear.bias': bad }), base)).toThrow(NonFiniteError);
    const folder = headsFolder();
    rmSync(join(folder, 'medusa_lm_head.safetensors'));
    expect(() => loadAdapterFolder(folder, base)).toThrow(/medusa_lm_head\.safetensors: expected a file, got none/);
    writeFileSync(join(folder, 'medusa_lm_head.pt'), 'x');
    expect(() => loadAdapterFolder(folder, base)).toThrow(/instead of a pickle file/);
  });
});
