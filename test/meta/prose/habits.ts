/**
 * Turns of phrase that were once all over this tree and that no native engineer writes. Each has what to write instead,
 * a sentence that shows the habit, and one that must pass. A turn with a good use is listed only as far as it is bad.
 */
import { AMOUNTS } from './amounts.ts';
import type { Habit } from './habit.ts';
import { PLACES } from './places.ts';
import { SENTENCES } from './sentences.ts';
import { WORDS } from './words.ts';

export const HABITS: readonly Habit[] = [...PLACES, ...AMOUNTS, ...SENTENCES, ...WORDS];

/** Turns of a text that are habits. */
export function habitsIn(text: string): Habit[] {
  return HABITS.filter(({ pattern }) => pattern.test(text));
}
