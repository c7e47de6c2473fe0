/**
 * Limits on the work of a tokenizer: files and prompts are untrusted.
 * @packageDocumentation
 */
import { WorkLimitError } from '../../errors.ts';
import { Budget } from '../../patterns/budget.ts';

/** The longest text, in code units, at every step from the prompt to its words. */
const LONGEST_TEXT = 2 ** 22;
/** Steps for every text, and for each of its code units. The split patterns of well-known models take some twenty. */
const STEPS = { always: 1_000_000, perCharacter: 200 };

/**
 * Checks the length of a text before it is built.
 * @throws {@link WorkLimitError} when it is too long.
 */
export function checkTextLength(label: string, length: number): void {
  if (length > LONGEST_TEXT) {
    throw new WorkLimitError(label, `a text of at most ${LONGEST_TEXT} UTF-16 code units`, `${length}`);
  }
}

/** The steps that a text of this length may take through all patterns. */
export function textBudget(label: string, length: number): Budget {
  return new Budget(label, STEPS.always + STEPS.perCharacter * length);
}
