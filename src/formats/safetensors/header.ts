/**
 * The header of a safetensors file: 8 bytes of length (little-endian), then JSON that names each tensor's type, shape
 * and place. Everything is checked here, before a byte is allocated for a tensor.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { isObject, kindOf, parseJson } from '../json.ts';
import { BYTES_OF_DTYPE, type Dtype, isDtype } from './dtypes.ts';

/** The place and type of a tensor. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
}

/** A parsed header. */
export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** The format's own limit on the length of the JSON, in bytes. */
const LONGEST_HEADER = 100_000_000;

/**
 * The length of the JSON, from the first 8 bytes.
 * @throws {@link FormatError} when it does not fit in the file or exceeds 100 MB.
 */
export function headerLength(label: string, prefix: Uint8Array, fileSize: number): number {
  if (fileSize < 8 || prefix.length < 8) throw new FormatError(label, 'at least 8 bytes', `${fileSize}`);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > BigInt(fileSize - 8)) {
    throw new FormatError(`${label}: header length`, `at most the ${fileSize - 8} bytes that follow`, `${length}`);
  }
  if (length > BigInt(LONGEST_HEADER)) {
    throw new FormatError(`${label}: header length`, `at most ${LONGEST_HEADER}`, `${length}`);
  }
  return Number(length);
}

/**
 * Parses and checks the JSON of the header: known types, integers spelled as integers, shapes whose size can be
 * counted, offsets that agree with the shapes, without gaps or overlap, and that cover the file to its last byte.
 * @throws {@link FormatError} when a rule of the format is broken; {@link UnsupportedError} for an element type that is
 * not implemented.
 * @source huggingface/safetensors `README.md`, section Format; `safetensors/src/tensor.rs` (`validate`)
 */
export function parseHeader(label: string, json: Uint8Array, fileSize: number): SafetensorsHeader {
  if (json[0] !== 0x7b) throw new FormatError(`${label}: header`, 'JSON that begins with {', 'something else');
  const object = parseJson(`${label}: header`, json);
  const metadata = new Map<string, string>();
  const entries: [string, TensorEntry][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (name === '__metadata__') readMetadata(label, value, metadata);
    else entries.push([name, readEntry(`${label}: ${name}`, value, 8 + json.length, fileSize)]);
  }
  entries.sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let at = 8 + json.length;
  for (const [name, { start, end }] of entries) {
    if (start !== at) throw new FormatError(`${label}: ${name}`, `data from byte ${at}`, `byte ${start}`);
    at = end;
  }
  if (at !== fileSize) throw new FormatError(label, `${at} bytes, where the last tensor ends`, `${fileSize}`);
  refuseFractions(`${label}: header`, json);
  return { metadata, tensors: new Map(entries) };
}

function readMetadata(label: string, value: unknown, metadata: Map<string, string>): void {
  if (value === null) return;
  if (!isObject(value)) throw new FormatError(`${label}: __metadata__`, 'an object', kindOf(value));
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new FormatError(`${label}: __metadata__: ${key}`, 'a string', kindOf(text));
    metadata.set(key, text);
  }
}

function readEntry(label: string, value: unknown, dataStart: number, fileSize: number): TensorEntry {
  if (!isObject(value)) throw new FormatError(label, 'an object', kindOf(value));
  for (const key of Object.keys(value)) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets') {
      throw new FormatError(label, 'only dtype, shape and data_offsets', key);
    }
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw new FormatError(`${label}: dtype`, 'a string', kindOf(dtype));
  if (!isDtype(dtype)) {
    throw new UnsupportedError(`${label}: dtype`, `one of ${Object.keys(BYTES_OF_DTYPE).join(', ')}`, kindOf(dtype));
  }
  if (!isIntegers(shape)) throw new FormatError(`${label}: shape`, 'a list of integers of at least 0', kindOf(shape));
  if (!isIntegers(offsets) || offsets.length !== 2) {
    throw new FormatError(`${label}: data_offsets`, 'two integers of at least 0', kindOf(offsets));
  }
  const [start, end] = [dataStart + offsets[0]!, dataStart + offsets[1]!];
  if (start > end || end > fileSize) {
    throw new FormatError(`${label}: data_offsets`, `a span within ${fileSize - dataStart} bytes`, `[${offsets}]`);
  }
  const bytes = numbersIn(label, shape) * BigInt(BYTES_OF_DTYPE[dtype]);
  if (BigInt(end - start) !== bytes) {
    throw new FormatError(label, `${bytes} bytes for ${dtype} of shape [${shape.join(', ')}]`, `${end - start}`);
  }
  return { dtype, shape, start, end };
}

function isIntegers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/**
 * The product of the extents, axis by axis as readers with 64-bit sizes multiply it: a zero does not undo an overflow.
 */
function numbersIn(label: string, shape: readonly number[]): bigint {
  let count = 1n;
  for (const extent of shape) {
    count *= BigInt(extent);
    if (count >= 2n ** 64n) throw new FormatError(label, 'a shape of less than 2^64 numbers', `[${shape.join(', ')}]`);
  }
  return count;
}

const [QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x30, 0x39];

/** All numbers in a header are sizes. `2.0` and `2e0` are not, though JavaScript reads them as 2; nor is `-0`. */
function refuseFractions(label: string, json: Uint8Array): void {
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) {
      at += 1;
      while (json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
    } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const [spelling] = /^[-+.\deE]*/.exec(String.fromCharCode(...json.subarray(at, at + 400)))!;
      if (/\D/.test(spelling)) throw new FormatError(label, 'integers of at least 0', spelling);
      at += spelling.length - 1;
    }
  }
}
