/** A turn of phrase that no native engineer writes. */
export interface Habit {
  /** The turn, as people would call it. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  /** A sentence with the habit, for the test of the test. */
  readonly bad: string;
  /** The same in plain English, or a good use of the same words. */
  readonly good: string;
}

export function habit(name: string, pattern: RegExp, instead: string, bad: string, good: string): Habit {
  return { name, pattern, instead, bad, good };
}
