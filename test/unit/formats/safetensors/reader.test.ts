import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MissingFileError, NonFiniteError, UnsupportedError } from '../../../../src/errors.ts';
import { firstNonFinite } from '../../../../src/formats/safetensors/finite.ts';
import { openSafetensors, writeSafetensors } from '../../../../src/formats/safetensors/node.ts';
import type { SafetensorsFile } from '../../../../src/formats/safetensors/reader.ts';
import { type Stored, stored } from '../../../../src/numerics/stored.ts';
import { rawSafetensors, temporaryFolder } from '../../../support/format-folders.ts';

const folder = temporaryFolder();
const path = join(folder, 'a.safetensors');

function withFile<T>(bytes: Uint8Array, run: (file: SafetensorsFile) => T): T {
  writeFileSync(path, bytes);
  const file = openSafetensors(path);
  try {
    return run(file);
  } finally {
    file.close();
  }
}

describe('SafetensorsFile', () => {
  it('reads tensors of every float format in their own width, at odd offsets too', () => {
    const tensors = new Map<string, Stored>([
      ['d', stored('d', 'F64', Float64Array.of(Math.PI, -0), [2])],
      ['f', stored('f', 'F32', Float32Array.of(1.5), [1])],
      ['h', stored('h', 'F16', Uint16Array.of(0x3c00, 1, 2), [3])],
      ['b', stored('b', 'BF16', Uint16Array.of(0x3f80), [])],
      ['none', stored('none', 'F32', new Float32Array(0), [0, 3])],
    ]);
    writeSafetensors(path, tensors);
    const file = openSafetensors(path);
    for (const [name, expected] of tensors) expect(file.read(name)).toEqual(expected);
    expect(Object.is(file.read('d').data[1], -0)).toBe(true);
    file.close();
    // U8 first, so that the floats after it start at an odd byte of the file.
    const header = {
      u: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      f: { dtype: 'F32', shape: [1], data_offsets: [1, 5] },
    };
    expect(withFile(rawSafetensors(header, 5), (odd) => odd.read('f').data)).toEqual(Float32Array.of(0));
  });

  it('integers parse but are not weights', () => {
    const header = { i: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } };
    withFile(rawSafetensors(header, 8), (file) => {
      expect(file.tensors.get('i')!.dtype).toBe('I64');
      expect(() => file.read('i')).toThrow(UnsupportedError);
      expect(() => file.read('i')).toThrow(`${path}: i: expected weights in F64, F32, F16 or BF16, got I64`);
      expect(() => file.read('j')).toThrow(FormatError);
    });
  });

  it('missing, empty, truncated and lying files', () => {
    expect(() => openSafetensors(join(folder, 'absent'))).toThrow(MissingFileError);
    const header = { a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } };
    const whole = rawSafetensors(header, 16);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(() => openSafetensors(path), `${length} bytes`).toThrow(FormatError);
    }
    writeFileSync(path, rawSafetensors(header, 16, 2n ** 60n));
    expect(() => openSafetensors(path)).toThrow(/header length/);
  });

  it('a file that shrinks after it was opened', () => {
    const header = { a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } };
    withFile(rawSafetensors(header, 16), (file) => {
      truncateSync(path, file.size - 1);
      expect(() => file.read('a')).toThrow(FormatError);
    });
  });

  it('reading after close', () => {
    writeFileSync(path, rawSafetensors({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4));
    const file = openSafetensors(path);
    file.close();
    file.close();
    expect(() => file.read('a')).toThrow(MissingFileError);
  });

  it('allocates no more than the tensor', () => {
    const count = 1 << 20;
    const header = { a: { dtype: 'BF16', shape: [count], data_offsets: [0, 2 * count] } };
    withFile(rawSafetensors(header, 2 * count), (file) => {
      const before = process.memoryUsage().arrayBuffers;
      const { data } = file.read('a');
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * count + 65536);
      expect(data.length).toBe(count);
    });
  });
});

describe('weights that are not finite', () => {
  const cases: [string, Stored, number][] = [
    ['F64 NaN', stored('x', 'F64', Float64Array.of(1, Number.NaN), [2]), 1],
    ['F64 infinity', stored('x', 'F64', Float64Array.of(Number.NEGATIVE_INFINITY, 1), [2]), 0],
    ['F32 NaN', stored('x', 'F32', Float32Array.of(1, 2, Number.NaN), [3]), 2],
    ['F32 infinity', stored('x', 'F32', Float32Array.of(1, Number.POSITIVE_INFINITY), [2]), 1],
    ['F16 NaN', stored('x', 'F16', Uint16Array.of(0x7bff, 0x7e00), [2]), 1],
    ['F16 -infinity', stored('x', 'F16', Uint16Array.of(0xfc00), [1]), 0],
    ['BF16 NaN', stored('x', 'BF16', Uint16Array.of(0x7f7f, 0xffc0), [2]), 1],
    ['BF16 infinity', stored('x', 'BF16', Uint16Array.of(0x7f80), [1]), 0],
  ];

  it.each(cases)('%s', (_, weights, index) => {
    expect(firstNonFinite(weights)).toBe(index);
    writeSafetensors(path, new Map([['layers.weight', weights]]));
    const file = openSafetensors(path);
    expect(() => file.read('layers.weight')).toThrow(NonFiniteError);
    expect(() => file.read('layers.weight')).toThrow(
      `${path}: layers.weight: expected finite weights, got NaN or infinity at [${index}]`,
    );
    file.close();
  });

  it('the largest and smallest numbers are finite', () => {
    expect(firstNonFinite(stored('x', 'F16', Uint16Array.of(0x7bff, 0xfbff, 1, 0x8000), [4]))).toBe(-1);
    expect(firstNonFinite(stored('x', 'BF16', Uint16Array.of(0x7f7f, 0xff7f, 1), [3]))).toBe(-1);
    expect(firstNonFinite(stored('x', 'F32', Float32Array.of(3.4e38, 1e-45), [2]))).toBe(-1);
    expect(firstNonFinite(stored('x', 'F64', Float64Array.of(Number.MAX_VALUE, 5e-324), [2]))).toBe(-1);
  });

  it('names row and column', () => {
    const weights = stored('x', 'F32', Float32Array.of(0, 0, 0, 0, Number.NaN, 0), [2, 3]);
    writeSafetensors(path, new Map([['w', weights]]));
    const file = openSafetensors(path);
    expect(() => file.read('w')).toThrow(/at \[1, 1\]/);
    file.close();
  });
});
