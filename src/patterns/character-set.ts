/**
 * Sets of Unicode code points.
 * @packageDocumentation
 */

/** The largest code point. */
export const LAST_CODE_POINT = 0x10ffff;
/** Code points per page of the table: those that share all but their last eight bits. */
const PAGE_BITS = 8;

/** An immutable set of code points: sorted ranges that neither overlap nor touch. */
export class CharacterSet {
  /** First and last code point of each range, in ascending order. */
  readonly bounds: readonly number[];
  // By page, built on first use: a whole table per set is 64 KiB, and a file may name a set every few bytes.
  readonly #pages: (Uint8Array | undefined)[] = [];

  /** @param ranges first and last code points; in any order, overlapping or not. */
  constructor(ranges: readonly (readonly [first: number, last: number])[]) {
    const bounds: number[] = [];
    for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
      const end = bounds.at(-1);
      if (end !== undefined && first <= end + 1) bounds[bounds.length - 1] = Math.max(end, last);
      else bounds.push(first, last);
    }
    this.bounds = bounds;
  }

  /** The set of the characters of a text. */
  static of(characters: string): CharacterSet {
    return new CharacterSet([...characters].map((character) => [character.codePointAt(0)!, character.codePointAt(0)!]));
  }

  /** The union of the sets. */
  static union(sets: readonly CharacterSet[]): CharacterSet {
    return new CharacterSet(sets.flatMap((set) => [...set.ranges()]));
  }

  /** Whether the set holds a code point. */
  has(code: number): boolean {
    const page = code >> PAGE_BITS;
    let members = this.#pages[page];
    if (members === undefined) {
      members = this.#membersOf(page);
      this.#pages[page] = members;
    }
    return members[code & ((1 << PAGE_BITS) - 1)] === 1;
  }

  /** The ranges as pairs. */
  *ranges(): Generator<readonly [first: number, last: number]> {
    for (let i = 0; i < this.bounds.length; i += 2) yield [this.bounds[i]!, this.bounds[i + 1]!];
  }

  /** The complement of this set. */
  complement(): CharacterSet {
    const gaps: [number, number][] = [];
    let next = 0;
    for (const [first, last] of this.ranges()) {
      if (first > next) gaps.push([next, first - 1]);
      next = last + 1;
    }
    if (next <= LAST_CODE_POINT) gaps.push([next, LAST_CODE_POINT]);
    return new CharacterSet(gaps);
  }

  /** The intersection of both sets. */
  intersect(other: CharacterSet): CharacterSet {
    return CharacterSet.union([this.complement(), other.complement()]).complement();
  }

  #membersOf(page: number): Uint8Array {
    return Uint8Array.from({ length: 1 << PAGE_BITS }, (_, i) => (this.#search((page << PAGE_BITS) | i) ? 1 : 0));
  }

  #search(code: number): boolean {
    let [low, high] = [0, this.bounds.length / 2 - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (code < this.bounds[2 * middle]!) high = middle - 1;
      else if (code > this.bounds[2 * middle + 1]!) low = middle + 1;
      else return true;
    }
    return false;
  }
}
