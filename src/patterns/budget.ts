/**
 * A limit on work. Patterns and tokenizers are untrusted, and some take time that grows exponentially with the text.
 * Each step is counted, and beyond the limit a named error ends the search.
 * @packageDocumentation
 */
import { WorkLimitError } from '../errors.ts';

/** A limit on matching steps. */
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
   * Subtracts steps.
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
