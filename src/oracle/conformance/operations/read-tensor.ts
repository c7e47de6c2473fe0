import { FormatError } from '../../../errors.ts';
import type { OpenFile } from '../../../formats/folder/folder.ts';
import { SafetensorsFile } from '../../../formats/safetensors/reader.ts';
import { type Stored, stored, widened } from '../../../numerics/stored.ts';
import type { AnsweredTensor } from './answered-tensor.ts';

/**
 * The rows of a matrix that an engine answered with.
 * @param open opens a file that the engine wrote
 * @shape result: [rows][columns]
 * @throws {@link FormatError} when it has another shape, or not as many digits as its shape says; what opening and
 * reading its file throws.
 */
export function answeredRows(
  tensor: AnsweredTensor,
  [rows, columns]: readonly [number, number],
  open: (path: string) => OpenFile,
): Float64Array[] {
  const shape = [rows, columns];
  const numbers = widened('hex' in tensor ? fromDigits(tensor, shape) : fromFile(tensor, shape, open));
  return Array.from({ length: rows }, (_, r) => numbers.subarray(r * columns, (r + 1) * columns));
}

function expectShape(got: readonly number[], shape: readonly number[]): void {
  if (got.join() !== shape.join()) throw new FormatError('tensor', `shape [${shape}]`, `[${got}]`);
}

function fromDigits(
  { dtype, shape: given, hex }: Extract<AnsweredTensor, { hex: string }>,
  shape: readonly number[],
): Stored {
  expectShape(given, shape);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const bytes = new Uint8Array(hex.length / 2);
  const [width, format] = dtype === 'F64' ? [8, 'F64' as const] : [4, 'F32' as const];
  if (bytes.length !== size * width) {
    throw new FormatError('tensor', `${2 * size * width} digits for ${size} numbers in ${dtype}`, `${hex.length}`);
  }
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  const view = new DataView(bytes.buffer);
  const numbers = Float64Array.from({ length: size }, (_, i) =>
    format === 'F64' ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true),
  );
  return stored('tensor', 'F64', numbers, shape);
}

function fromFile(
  { safetensors, name }: Extract<AnsweredTensor, { safetensors: string }>,
  shape: readonly number[],
  open: (path: string) => OpenFile,
): Stored {
  const file = new SafetensorsFile(open(safetensors));
  try {
    const entry = file.tensors.get(name);
    if (entry !== undefined) expectShape(entry.shape, shape); // before anything is read
    return file.read(name);
  } finally {
    file.close();
  }
}
