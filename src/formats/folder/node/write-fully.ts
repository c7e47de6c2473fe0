import { writeSync } from 'node:fs';

/** Linux moves at most 2^31 - 4096 bytes in one write. */
const LONGEST_WRITE = 2 ** 30;
/** Milliseconds between two tries on a pipe that is full and does not block. */
const PAUSE = 2;

/**
 * Writes all bytes, however many calls that takes. Someone else may have set a pipe to refuse instead of waiting while
 * it is full (EAGAIN); then this waits, so that a slow reader slows the writer down and nothing is lost.
 */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, LONGEST_WRITE));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
