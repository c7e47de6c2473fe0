/**
 * What a random choice is called.
 * @packageDocumentation
 */

/** What draws are for. */
export const PURPOSES = ['target', 'draft', 'accept', 'residual'] as const;

/** What a draw is for. */
export type Purpose = (typeof PURPOSES)[number];

/** The name of one draw: what it is for, and the index in the whole text of the token that it helps to decide. */
export interface Slot {
  readonly purpose: Purpose;
  readonly position: number;
  /** In a race: the token whose clock it is. */
  readonly token?: number;
}
