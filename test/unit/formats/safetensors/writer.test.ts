import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WriteError } from '../../../../src/errors.ts';
import { openSafetensors, writeSafetensors } from '../../../../src/formats/safetensors/node.ts';
import type { SafetensorsFile } from '../../../../src/formats/safetensors/reader.ts';
import { type Stored, stored } from '../../../../src/numerics/stored.ts';
import { temporaryFolder } from '../../../support/format-folders.ts';

const folder = temporaryFolder();
const path = join(folder, 'a.safetensors');

const tensorsIn = (file: SafetensorsFile): Map<string, Stored> =>
  new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]));

describe('writeSafetensors', () => {
  // External: the bytes that the Python safetensors library wrote.
  it.each([
    'goldens/llama-bf16/base/model.safetensors',
    'goldens/llama-f16/base/model.safetensors',
    'goldens/llama-untied-f64/base/model.safetensors',
    'goldens/lora-plain/adapter/adapter_model.safetensors',
    'goldens/lora-lm-head/adapter/adapter_model.safetensors',
    'goldens/turbo-lora-v2/adapter/medusa_lm_head.safetensors',
  ])('reproduces %s byte for byte', (name) => {
    const original = new URL(`../../../../fixtures/${name}`, import.meta.url).pathname;
    const file = openSafetensors(original);
    writeSafetensors(path, tensorsIn(file), file.metadata);
    file.close();
    expect(readFileSync(path).equals(readFileSync(original))).toBe(true);
  });

  // External: the order in which safetensors 0.8.0 in Python writes these tensors, in whatever order it gets them.
  it('wider types first, bfloat16 before float16, names by their bytes', () => {
    const one = (format: 'F64' | 'F32' | 'F16' | 'BF16', data: Stored['data']): Stored =>
      stored('x', format, data, [1]);
    writeSafetensors(
      path,
      new Map([
        ['b', one('F16', Uint16Array.of(0))],
        ['a', one('F16', Uint16Array.of(0))],
        ['c', one('BF16', Uint16Array.of(0))],
        ['é', one('F32', Float32Array.of(0))],
        ['z', one('F32', Float32Array.of(0))],
        ['d', one('F64', Float64Array.of(0))],
      ]),
    );
    const file = openSafetensors(path);
    expect([...file.tensors.keys()]).toEqual(['d', 'z', 'é', 'c', 'a', 'b']);
    file.close();
    expect(readFileSync(path).readBigUInt64LE() % 8n).toBe(0n);
  });

  it('round trip, and the same bytes in whatever order the tensors come', () => {
    const tensor = fc.oneof(
      fc
        .array(fc.double({ noNaN: true, noDefaultInfinity: true }))
        .map((x) => stored('x', 'F64', Float64Array.from(x), [x.length])),
      fc
        .array(fc.float({ noNaN: true, noDefaultInfinity: true }))
        .map((x) => stored('x', 'F32', Float32Array.from(x), [1, x.length])),
      fc.array(fc.nat(0x7bff)).map((x) => stored('x', 'F16', Uint16Array.from(x), [x.length, 1])),
      fc.array(fc.nat(0x7f7f)).map((x) => stored('x', 'BF16', Uint16Array.from(x), [x.length])),
    );
    const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__metadata__');
    const named = fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 });
    const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });
    fc.assert(
      fc.property(named, metadata, (pairs, meta) => {
        writeSafetensors(path, new Map(pairs), new Map(Object.entries(meta)));
        const bytes = readFileSync(path);
        const file = openSafetensors(path);
        expect(tensorsIn(file)).toEqual(new Map(pairs));
        expect(Object.fromEntries(file.metadata)).toEqual({ ...meta });
        file.close();
        writeSafetensors(path, new Map([...pairs].reverse()), new Map(Object.entries(meta).reverse()));
        expect(readFileSync(path).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves nothing behind when it fails', () => {
    const run = () => writeSafetensors(join(folder, 'absent', 'a.safetensors'), new Map());
    expect(run).toThrow(WriteError);
    expect(run).toThrow(/safetensors: expected a writable file, got .* \(ENOENT\)/);
    mkdirSync(join(folder, 'taken'));
    expect(() => writeSafetensors(join(folder, 'taken'), new Map())).toThrow(WriteError);
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });
});
