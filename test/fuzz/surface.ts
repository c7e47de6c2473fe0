/**
 * Untrusted input of this package, one surface per kind of input, and what must hold for any input: a
 * result or one of the package's named errors, soon, in bounded memory.
 * @packageDocumentation
 */
import type fc from 'fast-check';
import { TurboLoraError } from '../../src/errors.ts';

/** What became of a case. */
export type Outcome = 'taken' | 'refused';

/** A kind of input. `Case` is plain JSON, so that a case that was found can be kept. */
export interface Surface<Case = unknown> {
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  /** Milliseconds that a case may take, where that is not 20,000. */
  readonly longest?: number;
  /** Hands a case over. Throws when something does not hold; named errors are answers, not failures. */
  run(input: Case, folder: string): Outcome | Promise<Outcome>;
}

/** A check that did not hold. */
export class Broken extends Error {}

/**
 * Runs a piece of code that may refuse its input.
 * @throws {@link Broken} for an error without its three parts; any other error as it is.
 */
export async function mayRefuse(run: () => unknown): Promise<Outcome> {
  try {
    await run();
    return 'taken';
  } catch (error) {
    if (!(error instanceof TurboLoraError)) throw error;
    if (!/: expected [\s\S]+, got /.test(error.message))
      throw new Broken(`message without its parts: ${error.message}`);
    if (error.message.length > 4000) throw new Broken(`message of ${error.message.length} characters`);
    if (/(?![\n\t])\p{Cc}/u.test(error.message)) throw new Broken('control characters in a message');
    return 'refused';
  }
}

/** Throws when a condition does not hold. */
export function hold(condition: boolean, what: string): void {
  if (!condition) throw new Broken(what);
}
