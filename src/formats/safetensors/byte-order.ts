import { UnsupportedError } from '../../errors.ts';

/**
 * Whether this machine keeps the low byte of a number first, as safetensors files do. In one object so that tests can
 * pretend.
 */
export const machine = { isLittleEndian: new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 };

/**
 * Asserts that arrays of numbers have the byte order of safetensors files.
 * @throws {@link UnsupportedError} on a big-endian machine.
 */
export function expectLittleEndian(label: string): void {
  if (!machine.isLittleEndian) throw new UnsupportedError(label, 'a little-endian machine', 'a big-endian one');
}
