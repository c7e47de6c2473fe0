/**
 * A bound on work. Patterns and tokenizers come from strangers, and some of them take time that grows exponentially
 * with the text; each step is counted, and past the bound a named error ends the search.
 * @packageDocumentation
 */
import { WorkLimitError } from '../errors.ts';

/** Steps that may still be taken. */
export class Budget {
  #left: number;

  /** @param label what is being done, for the error message. */
  constructor(
    readonly label: string,
    readonly steps: number,
  ) {
    this.#left = steps;
  }

  /**
   * Takes steps off.
   * @throws {@link WorkLimitError} when too few are left.
   */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new WorkLimitError(
        this.label,
        `at most ${this.steps} steps of matching`,
        'more (the pattern is too costly)',
      );
    }
  }
}
