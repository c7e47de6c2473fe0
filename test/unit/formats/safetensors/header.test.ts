import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { headerLength, parseHeader } from '../../../../src/formats/safetensors/header.ts';

const entry = (dtype: unknown, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });

/** Parses a header as that of a file with this many data bytes. */
function parse(header: unknown, dataBytes: number) {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  return parseHeader('f', json, 8 + json.length + dataBytes);
}

describe('headerLength', () => {
  const prefix = (length: bigint): Uint8Array => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(length);
    return bytes;
  };

  it('is little-endian', () => {
    expect(headerLength('f', prefix(258n), 300)).toBe(258);
  });

  it.each([
    [2n ** 60n, 1000, /f: header length: expected at most the 992 bytes that follow, got 1152921504606846976/],
    [2n ** 64n - 1n, 1000, /at most the 992 bytes/],
    [993n, 1000, /at most the 992 bytes/],
    [100_000_001n, 2 ** 40, /at most 100000000, got 100000001/],
  ])('refuses %d in a file of %d bytes', (length, size, message) => {
    expect(() => headerLength('f', prefix(length), size)).toThrow(FormatError);
    expect(() => headerLength('f', prefix(length), size)).toThrow(message);
  });

  it('a file shorter than its length', () => {
    expect(() => headerLength('f', new Uint8Array(7), 7)).toThrow(/at least 8 bytes, got 7/);
  });
});

describe('parseHeader', () => {
  it('sorts tensors by their bytes; scalars, empty tensors and padding are legal', () => {
    const header = {
      b: entry('F32', [2], [4, 12]),
      a: entry('BF16', [], [0, 2]),
      empty: entry('F64', [0, 5], [2, 2]),
      z: entry('BOOL', [2], [2, 4]),
      __metadata__: { format: 'pt' },
    };
    const { tensors, metadata } = parse(`${JSON.stringify(header)}   `, 12);
    expect([...tensors.keys()]).toEqual(['a', 'empty', 'z', 'b']);
    expect(metadata.get('format')).toBe('pt');
    const start = tensors.get('a')!.start;
    expect(tensors.get('b')).toEqual({ dtype: 'F32', shape: [2], start: start + 4, end: start + 12 });
  });

  it('a file without tensors', () => {
    expect(parse('{}', 0).tensors.size).toBe(0);
  });

  it.each([
    ['not an object first', ' {}', 0, /begins with \{/],
    ['no JSON', '{', 0, /expected JSON/],
    ['a name twice', '{"a":{},"a":{}}', 0, /each key once/],
    ['a hole', { a: entry('F32', [1], [4, 8]) }, 8, /f: a: expected data from byte \d+/],
    [
      'an overlap',
      { a: entry('F32', [2], [0, 8]), b: entry('F32', [2], [4, 12]) },
      12,
      /f: b: expected data from byte/,
    ],
    ['two tensors in one place', { a: entry('F32', [1], [0, 4]), b: entry('F32', [1], [0, 4]) }, 4, /data from byte/],
    ['a missing tail (truncated)', { a: entry('F32', [2], [0, 8]) }, 7, /a span within 7 bytes, got \[0,8\]/],
    ['bytes that no tensor covers', { a: entry('F32', [1], [0, 4]) }, 5, /where the last tensor ends/],
    ['reversed offsets', { a: entry('F32', [1], [4, 0]) }, 4, /a span within/],
    ['a span that is not the shape', { a: entry('F32', [3], [0, 8]) }, 8, /12 bytes for F32 of shape \[3\], got 8/],
    ['a span longer than the shape', { a: entry('F32', [1], [0, 8]) }, 8, /4 bytes for F32 of shape \[1\], got 8/],
    ['a product over 2^53', { a: entry('F32', [2 ** 31, 2 ** 31], [0, 4]) }, 4, /18446744073709551616 bytes/],
    [
      'a product that wraps 2^64 to 4',
      { a: entry('U8', [2 ** 33 + 4, 2 ** 31], [0, 4]) },
      4,
      /a shape of less than 2\^64 numbers/,
    ],
    ['a negative extent', { a: entry('F32', [-1], [0, 4]) }, 4, /shape: expected a list of integers/],
    ['a fraction', { a: entry('F32', [0.5], [0, 2]) }, 2, /shape: expected a list of integers/],
    ['an unsafe integer', { a: entry('F32', [2 ** 53], [0, 4]) }, 4, /shape/],
    ['a shape that is not a list', { a: entry('F32', 1, [0, 4]) }, 4, /shape/],
    ['three offsets', { a: entry('F32', [1], [0, 4, 4]) }, 4, /data_offsets: expected two integers/],
    ['a dtype that is not a string', { a: entry(7, [1], [0, 4]) }, 4, /dtype: expected a string, got 7/],
    ['no dtype', { a: { shape: [1], data_offsets: [0, 4] } }, 4, /dtype/],
    ['one more key', { a: { ...entry('F32', [1], [0, 4]), stride: [1] } }, 4, /only dtype, shape and data_offsets/],
    ['a tensor that is not an object', { a: 3 }, 0, /f: a: expected an object, got 3/],
    ['metadata that is not an object', { __metadata__: [] }, 0, /__metadata__: expected an object/],
    ['metadata that is not text', { __metadata__: { a: 1 } }, 0, /__metadata__: a: expected a string, got 1/],
  ])('refuses %s', (_, header, dataBytes, message) => {
    expect(() => parse(header, dataBytes)).toThrow(FormatError);
    expect(() => parse(header, dataBytes)).toThrow(message);
  });

  it.each(['F8_E4M3', 'F8_E5M2', 'F8_E8M0', 'F4', 'F6_E2M3', 'C64', 'constructor'])('names %s', (dtype) => {
    const run = () => parse({ a: entry(dtype, [4], [0, 4]) }, 4);
    expect(run).toThrow(UnsupportedError);
    expect(run).toThrow(
      `f: a: dtype: expected one of F64, F32, F16, BF16, I64, U64, I32, U32, I16, U16, I8, U8, BOOL, got "${dtype}"`,
    );
  });

  it('keeps a tensor called __proto__ apart from prototypes', () => {
    const { tensors } = parse('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1);
    expect([...tensors.keys()]).toEqual(['__proto__']);
  });
});

// External: whether safetensors 0.8.0 (the Rust crate, through Python's `deserialize`) takes each header.
describe('as the Rust crate does', () => {
  const tensor = (shape: string, offsets: string) => `{"a":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}}`;
  it.each<[name: string, header: string, dataBytes: number]>([
    ['a zero before sizes that would overflow', tensor('[0,4294967296,4294967296]', '[0,0]'), 0],
    ['a zero after a large size', tensor('[4611686018427387,0]', '[0,0]'), 0],
    ['white space within', '{ "a" :\n{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8],
    ['padding by spaces', `${tensor('[2]', '[0,8]')}   `, 8],
    ['metadata that is null', '{"__metadata__":null,"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8],
    ['an escaped type', '{"a":{"dtype":"\\u00463\\u0032","shape":[2],"data_offsets":[0,8]}}', 8],
    ['digits, dots and signs in names', '{"-1.5e3 \\" 2.0":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8],
  ])('takes %s', (_, header, dataBytes) => {
    expect(parse(header, dataBytes).tensors.size).toBe(1);
  });

  it.each<[name: string, header: string, dataBytes: number, message: RegExp]>([
    ['2.0 as a size', tensor('[2.0]', '[0,8]'), 8, /header: expected integers of at least 0, got 2\.0/],
    ['2e0 as a size', tensor('[2e0]', '[0,8]'), 8, /got 2e0/],
    ['8.0 as an offset', tensor('[2]', '[0,8.0]'), 8, /got 8\.0/],
    ['-0 as an offset', tensor('[2]', '[-0,8]'), 8, /got -0/],
    [
      '2^32 times 2^32, and then 0',
      tensor('[4294967296,4294967296,0]', '[0,0]'),
      0,
      /a: expected a shape of less than 2\^64/,
    ],
    ['2^64', tensor('[18446744073709551616,0]', '[0,0]'), 0, /shape/],
    ['bytes after the JSON', `${tensor('[2]', '[0,8]')}\0`, 8, /JSON/],
    ['one field twice', '{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8, /"dtype" twice/],
    [
      'metadata that is a number',
      '{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
      8,
      /string/,
    ],
    ['a type in lower case', '{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}', 8, /dtype/],
  ])('refuses %s', (_, header, dataBytes, message) => {
    expect(() => parse(header, dataBytes)).toThrow(message);
  });

  // The crate takes these; here they are refused, because other readers see something else in them.
  it.each<[name: string, header: string]>([
    [
      'one tensor twice',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    ],
    ['an unknown field', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}'],
    ['white space before the JSON', ` ${tensor('[2]', '[0,8]')}`],
    ['an entry as a list', '{"a":["F32",[2],[0,8]]}'],
  ])('stricter: refuses %s', (_, header) => {
    expect(() => parse(header, 8)).toThrow(FormatError);
  });
});
