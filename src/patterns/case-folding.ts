import { CharacterSet } from './character-set.ts';

const FIRST_BEYOND_ASCII = 0x80;
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
/** Two characters beyond ASCII fold to ASCII letters: long s to s and the kelvin sign to k. */
const BEYOND: ReadonlyMap<number, number> = new Map([
  [115, 0x17f],
  [107, 0x212a],
]);

/** Whether every member is ASCII: the case folding of other letters is not implemented. */
export function isAscii(set: CharacterSet): boolean {
  return (set.bounds.at(-1) ?? 0) < FIRST_BEYOND_ASCII;
}

/** A set of ASCII characters, together with everything equal to one of them when case is ignored. */
export function inEitherCase(set: CharacterSet): CharacterSet {
  const extra: [number, number][] = [];
  for (const [first, last] of set.ranges()) {
    for (let code = first; code <= last; code++) {
      if (!isLetter(code)) continue;
      extra.push([code ^ 32, code ^ 32]);
      const beyond = BEYOND.get(code | 32);
      if (beyond !== undefined) extra.push([beyond, beyond]);
    }
  }
  return CharacterSet.union([set, new CharacterSet(extra)]);
}
