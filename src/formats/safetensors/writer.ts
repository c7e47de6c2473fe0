/**
 * Tensors to the bytes of a safetensors file, byte for byte as the safetensors library writes them.
 * @packageDocumentation
 */
import type { FloatFormat, Stored } from '../../numerics/stored.ts';
import { expectLittleEndian } from './byte-order.ts';

/** The library's order of types: their position in its list, from the end. */
const RANK: Readonly<Record<FloatFormat, number>> = { F64: 0, F32: 1, BF16: 2, F16: 3 };

type Named = readonly [name: string, weights: Stored];

const encoder = new TextEncoder();

/** Order of two texts by their UTF-8 bytes. */
function byBytes(a: string, b: string): number {
  const [one, other] = [encoder.encode(a), encoder.encode(b)];
  const at = one.findIndex((byte, i) => byte !== other[i]);
  return at < 0 ? one.length - other.length : one[at]! - (other[at] ?? -1);
}

/** F64 first, then F32, BF16, F16; within a type by the UTF-8 bytes of the name. */
function inFileOrder(tensors: ReadonlyMap<string, Stored>): Named[] {
  return [...tensors].sort(([nameA, a], [nameB, b]) => RANK[a.format] - RANK[b.format] || byBytes(nameA, nameB));
}

/** The 8 bytes of length and the JSON, padded with spaces to a multiple of 8. */
function encodeHeader(ordered: readonly Named[], metadata: ReadonlyMap<string, string>): Uint8Array {
  const members: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].sort(([a], [b]) => byBytes(a, b));
    const texts = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    members.push(`"__metadata__":{${texts.join(',')}}`);
  }
  let at = 0;
  for (const [name, { format, shape, data }] of ordered) {
    const offsets = [at, at + data.byteLength];
    at += data.byteLength;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: format, shape, data_offsets: offsets })}`);
  }
  const json = encoder.encode(`{${members.join(',')}}`);
  const padded = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(json, 8);
  return padded;
}

/**
 * The bytes of a safetensors file in pieces: the header, then each tensor's numbers, not copied. The same tensors give
 * the same bytes: types in the order F64, F32, BF16, F16, names ascending within a type, metadata keys ascending.
 * @param label names the file in errors.
 * @throws {@link UnsupportedError} on a big-endian machine.
 * @source huggingface/safetensors `safetensors/src/tensor.rs` (`prepare`)
 * @example
 * import assert from 'node:assert/strict';
 * import { openBytes, SafetensorsFile, safetensorsPieces } from 'turbo-lora/formats';
 * import { stored } from 'turbo-lora/numerics';
 * const pieces = safetensorsPieces('a', new Map([['x', stored('x', 'F32', Float32Array.of(1, 2), [2])]]));
 * const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
 * assert.deepEqual([...new SafetensorsFile(openBytes('a', bytes)).read('x').data], [1, 2]);
 */
export function safetensorsPieces(
  label: string,
  tensors: ReadonlyMap<string, Stored>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array[] {
  expectLittleEndian(label);
  const ordered = inFileOrder(tensors);
  const numbers = ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [encodeHeader(ordered, metadata), ...numbers];
}
