/**
 * What a random choice is called.
 * @packageDocumentation
 */

/** What a draw is for. */
export type Purpose = 'target' | 'draft' | 'accept' | 'residual';

/** The name of one draw: what it is for, and the index in the whole text of the token that it helps to decide. */
export interface Slot {
  readonly purpose: Purpose;
  readonly position: number;
  /** In a race: the token whose clock it is. */
  readonly token?: number;
}
