import { writeSync } from 'node:fs';

/** Linux moves at most 2^31 - 4096 bytes in one write. */
const LONGEST_WRITE = 2 ** 30;
/** Milliseconds between two attempts on a non-blocking pipe that is full. */
const PAUSE = 2;

/**
 * Writes all bytes, in as many calls as that takes. Another process may have made a pipe non-blocking, so that a full
 * pipe refuses
 * (EAGAIN) instead of waiting. This function then waits, so a slow reader slows the writer down and nothing is lost.
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
