import { ConflictError, OptionError } from '../../errors.ts';

/**
 * When an audit may test for an alarm. Rounds added one by one are tested as they are added. Counts have no order in
 * which one could have stopped, so they are tested once, when they are complete. An audit takes one or the other
 * (SPEC-AUDIT-COUNTS).
 */
export class Looks {
  #way: 'none yet' | 'one by one' | 'counted' | 'judged' = 'none yet';

  /** Whether the rounds are counted. */
  get isCounted(): boolean {
    return this.#way === 'counted' || this.#way === 'judged';
  }

  /** Before a single round. @throws {@link ConflictError} when earlier rounds were counted. */
  beforeRound(label: string): void {
    if (this.isCounted) throw new ConflictError(`${label}: times`, 'a count, as before', 'none');
    this.#way = 'one by one';
  }

  /**
   * Before a count of rounds. @throws {@link ConflictError} when earlier rounds were single, or the counts were judged.
   */
  beforeCount(label: string): void {
    if (this.#way === 'one by one') throw new ConflictError(`${label}: times`, 'none, as before', 'a count');
    if (this.#way === 'judged')
      throw new ConflictError(`${label}: times`, 'no count after the counts were judged', 'another count');
    this.#way = 'counted';
  }

  /** Counts are judged now: no more may be added. */
  judge(): void {
    if (this.#way === 'counted') this.#way = 'judged';
  }
}

/** @throws {@link OptionError} for what cannot be how often something occurred. */
export function checkTimes(label: string, times: number): void {
  if (!Number.isSafeInteger(times) || times < 1) {
    throw new OptionError(`${label}: times`, 'an integer of at least 1', `${times}`);
  }
}
