import { describe, expect, it } from 'vitest';
import { FormatError, MismatchError, UnsupportedError } from '../../../src/errors.ts';
import type { TensorEntry } from '../../../src/formats/safetensors/header.ts';
import { type TensorRules, type TensorSource, tensorHeaders, wholeTensors } from '../../../src/formats/tensors.ts';
import { stored } from '../../../src/numerics/stored.ts';

const entry = (dtype: TensorEntry['dtype'], shape: number[]): TensorEntry => ({ dtype, shape, start: 0, end: 0 });
const reads: string[] = [];
const source: TensorSource = {
  tensors: new Map([
    ['a', entry('F32', [2, 3])],
    ['b', entry('I64', [2])],
    ['bare', entry('F16', [1])],
  ]),
  labelOf: (name) => `file: ${name}`,
  read: (name) => {
    reads.push(name);
    return stored(name, 'F32', new Float32Array(6), [2, 3]);
  },
};
const rules: TensorRules = {
  missing: { error: FormatError, because: '' },
  misfit: { error: MismatchError, because: ', to fit' },
  nameIn: (name) => name.replace(/^long\./, ''),
};

describe('Tensors', () => {
  it('gives what is as it must be, whole or its header', () => {
    expect(wholeTensors(source, rules).read('a', [2, 3]).data.length).toBe(6);
    expect(reads.splice(0)).toEqual(['a']);
    expect(tensorHeaders(source, rules).read('a', [2, 3])).toEqual(entry('F32', [2, 3]));
    expect(reads).toEqual([]);
  });

  it('finds names that are spelled otherwise in the file', () => {
    const tensors = tensorHeaders(source, rules);
    expect([tensors.has('long.bare'), tensors.has('long.gone')]).toEqual([true, false]);
    expect(tensors.read('long.bare', [1]).dtype).toBe('F16');
    expect(tensors.labelOf('long.bare')).toBe('file: bare');
  });

  it.each([
    ['gone', [4], FormatError, 'file: gone: expected a tensor of shape [4], got none'],
    ['a', [3, 2], MismatchError, 'file: a: expected shape [3, 2], to fit, got [2, 3]'],
    ['a', [2, 3, 1], MismatchError, 'file: a: expected shape [2, 3, 1], to fit, got [2, 3]'],
    ['b', [2], UnsupportedError, 'file: b: expected weights in F64, F32, F16 or BF16, got I64'],
  ] as const)('refuses %s as %j before reading', (name, shape, error, message) => {
    const run = () => wholeTensors(source, rules).read(name, shape);
    expect(run).toThrow(error);
    expect(run).toThrow(message);
    expect(reads).toEqual([]);
  });

  it('refuses what is left, except what is harmless', () => {
    const tensors = tensorHeaders(source, rules);
    tensors.read('a', [2, 3]);
    const refusal = (label: string, name: string) => new UnsupportedError(label, 'nothing more', name);
    expect(() => tensors.refuseUnknown(refusal)).toThrow('file: b: expected nothing more, got b');
    expect(() => tensors.refuseUnknown(refusal, (name) => name === 'b')).toThrow('file: bare');
    tensors.read('bare', [1]);
    expect(() => tensors.refuseUnknown(refusal, (name) => name === 'b')).not.toThrow();
  });
});
