/**
 * Reads tensors from a safetensors file, one at a time.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { BYTES_OF, type FloatFormat, type Stored, stored } from '../../numerics/stored.ts';
import type { OpenFile } from '../folder/folder.ts';
import type { TensorSource } from '../tensors.ts';
import { expectLittleEndian } from './byte-order.ts';
import { isFloatFormat } from './dtypes.ts';
import { expectFinite } from './finite.ts';
import { headerLength, parseHeader, type SafetensorsHeader, type TensorEntry } from './header.ts';

/**
 * An open safetensors file. Opening reads the header only; {@link SafetensorsFile.read} then reads one tensor straight
 * into an array of its stored width, so no byte is in memory twice.
 * @throws {@link FormatError} when the file breaks the format; {@link UnsupportedError} for an element type that is not
 * implemented, or on a big-endian machine.
 * @example
 * import assert from 'node:assert/strict';
 * import { folderAt } from 'turbo-lora';
 * import { SafetensorsFile } from 'turbo-lora/formats';
 * const file = new SafetensorsFile(folderAt('fixtures/embedded/base').open('model.safetensors'));
 * assert.equal(file.read('model.norm.weight').format, 'F16');
 * file.close();
 */
export class SafetensorsFile implements SafetensorsHeader, TensorSource {
  /** How error messages name the file. */
  readonly label: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Bytes. */
  readonly size: number;
  readonly #file: OpenFile;

  /** @param file is closed when its header cannot be read, and by {@link SafetensorsFile.close}. */
  constructor(file: OpenFile) {
    this.label = file.label;
    this.size = file.size;
    this.#file = file;
    try {
      expectLittleEndian(file.label);
      ({ metadata: this.metadata, tensors: this.tensors } = readHeader(this.#file));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** `file: tensor`, for error messages. */
  labelOf(name: string): string {
    return `${this.label}: ${name}`;
  }

  /**
   * Reads one tensor of weights.
   * @shape result: as the header says
   * @throws {@link FormatError} when there is no such tensor; {@link UnsupportedError} when it holds integers or
   * booleans; {@link NonFiniteError} when a weight is NaN or infinite.
   */
  read(name: string): Stored {
    const label = this.labelOf(name);
    const entry = this.tensors.get(name);
    if (entry === undefined) throw new FormatError(label, 'a tensor of this name', 'none');
    const { dtype, shape, start, end } = entry;
    if (!isFloatFormat(dtype)) throw new UnsupportedError(label, 'weights in F64, F32, F16 or BF16', dtype);
    const data = emptyArray(label, dtype, (end - start) / BYTES_OF[dtype]);
    this.#file.readInto(start, new Uint8Array(data.buffer));
    const weights = stored(label, dtype, data, shape);
    expectFinite(label, weights);
    return weights;
  }

  /** Closes the file; later reads fail. */
  close(): void {
    this.#file.close();
  }
}

function readHeader(file: OpenFile): SafetensorsHeader {
  const prefix = new Uint8Array(Math.min(8, file.size));
  file.readInto(0, prefix);
  const json = new Uint8Array(headerLength(file.label, prefix, file.size));
  file.readInto(8, json);
  return parseHeader(file.label, json, file.size);
}

function emptyArray(label: string, format: FloatFormat, length: number): Stored['data'] {
  try {
    if (format === 'F64') return new Float64Array(length);
    return format === 'F32' ? new Float32Array(length) : new Uint16Array(length);
  } catch (error) {
    throw new UnsupportedError(label, 'a tensor that fits into memory', `${length} numbers`, { cause: error });
  }
}
