import type { Completion } from '../../src/language-model/completion.ts';

/** Everything of a completion but its times. */
export function timeless({ milliseconds, prefillMilliseconds, decodeMilliseconds, ...rest }: Completion): object {
  return rest;
}
