/**
 * One draw with its uniforms written out, and which token it selects.
 * @packageDocumentation
 */
import type { DrawMethod } from '../../../chance/chance.ts';
import type { Slot } from '../../../chance/slot.ts';
import { dyadic } from '../../../law/exact-number.ts';
import { exactlySampled, withMargin } from '../tape-chance.ts';

/** What decides a draw. */
export interface DrawInputs {
  /** @shape [V] */
  readonly law: Float64Array;
  /** One for an inverse CDF, V for a race. */
  readonly uniforms: Float64Array;
}

/** A token, and how near to another one it was. */
export interface DrawnToken {
  readonly token: number;
  /** Distance to the boundary, relative; infinite if no other token was possible. */
  readonly margin: number;
  /** Whether exact arithmetic on the same numbers selects the same. */
  readonly exact: boolean;
}

const SLOT: Slot = { purpose: 'target', position: 0 };

/**
 * Draws in float64, and once more in exact rationals to see whether rounding had a part in it.
 * @throws {@link LawError} when there is no mass, or a weight is negative or not finite.
 */
export function drawnToken(method: DrawMethod, { law, uniforms }: DrawInputs): DrawnToken {
  const tape = { uniform: ({ token }: Slot) => uniforms[token ?? 0]! };
  const { chance, margin } = withMargin(tape);
  const exactly = exactlySampled(tape);
  const weights = Array.from(law, dyadic);
  const isRace = method === 'race';
  const token = isRace ? chance.race(SLOT, law) : chance.draw(SLOT, law);
  const other = isRace ? exactly.race(SLOT, weights) : exactly.draw(SLOT, weights);
  return { token, margin: margin(), exact: token === other };
}
