import { ConflictError } from '../../errors.ts';

/**
 * When an audit may look. Rounds that come one by one are looked at as they come. Counts have no order in which one could
 * have stopped, so they are looked at once, when they are complete; one way excludes the other (SPEC-AUDIT-COUNTS).
 */
export class Looks {
  #way: 'none yet' | 'one by one' | 'counted' | 'judged' = 'none yet';

  /** Whether the rounds are counted. */
  get isCounted(): boolean {
    return this.#way === 'counted' || this.#way === 'judged';
  }

  /** Before a round by itself. @throws {@link ConflictError} when rounds before it were counted. */
  beforeRound(label: string): void {
    if (this.isCounted) throw new ConflictError(`${label}: times`, 'a count, as before', 'none');
    this.#way = 'one by one';
  }

  /** Before a count of rounds. @throws {@link ConflictError} when rounds before it came one by one, or the counts were judged. */
  beforeCount(label: string): void {
    if (this.#way === 'one by one') throw new ConflictError(`${label}: times`, 'none, as before', 'a count');
    if (this.#way === 'judged') throw new ConflictError(`${label}: times`, 'no count after the judgement', 'one more');
    this.#way = 'counted';
  }

  /** When counts are judged: no more may come. */
  judge(): void {
    if (this.#way === 'counted') this.#way = 'judged';
  }
}
