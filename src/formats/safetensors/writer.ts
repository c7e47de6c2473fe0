/**
 * Writes safetensors files, byte for byte as the safetensors library does.
 * @packageDocumentation
 */
import { endianness } from 'node:os';
import { UnsupportedError } from '../../errors.ts';
import type { FloatFormat, Stored } from '../../numerics/stored.ts';
import { OutputFile } from '../output-file.ts';

/** The library's order of types: the place in its list of them, from the end. */
const RANK: Readonly<Record<FloatFormat, number>> = { F64: 0, F32: 1, BF16: 2, F16: 3 };

type Named = readonly [name: string, weights: Stored];

/** F64 first, then F32, BF16, F16; within a type by the UTF-8 bytes of the name. */
function inFileOrder(tensors: ReadonlyMap<string, Stored>): Named[] {
  return [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      RANK[a.format] - RANK[b.format] || Buffer.compare(Buffer.from(nameA), Buffer.from(nameB)),
  );
}

/** The 8 bytes of length and the JSON, padded with spaces to a multiple of 8. */
function encodeHeader(ordered: readonly Named[], metadata: ReadonlyMap<string, string>): Buffer {
  const members: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const texts = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    members.push(`"__metadata__":{${texts.join(',')}}`);
  }
  let at = 0;
  for (const [name, { format, shape, data }] of ordered) {
    const offsets = [at, at + data.byteLength];
    at += data.byteLength;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: format, shape, data_offsets: offsets })}`);
  }
  const json = Buffer.from(`{${members.join(',')}}`);
  const padded = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  json.copy(padded, 8);
  return padded;
}

/**
 * Writes tensors to a file. The same tensors give the same bytes: types in the order F64, F32, BF16, F16, names
 * ascending within a type, metadata keys ascending. The file appears under its name only when it is complete.
 * @throws {@link WriteError} when it cannot be written; {@link UnsupportedError} on a big-endian machine.
 * @source huggingface/safetensors `safetensors/src/tensor.rs` (`prepare`)
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Stored>,
  metadata: ReadonlyMap<string, string> = new Map(),
): void {
  if (endianness() !== 'LE') throw new UnsupportedError(path, 'a little-endian machine', 'a big-endian one');
  const ordered = inFileOrder(tensors);
  const file = OutputFile.open('safetensors', path);
  try {
    file.write(encodeHeader(ordered, metadata));
    for (const [, { data }] of ordered) file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    file.finish();
  } finally {
    file.discard();
  }
}
