import type { Chance } from './chance.ts';
import { indexAt } from './inverse-cdf.ts';
import { raceWinner } from './race.ts';
import type { Tape } from './tape.ts';

/**
 * A chance that takes its uniforms from a tape. A coin is `u * denominator < numerator`: no division, no tolerance,
 * and a numerator of zero is never accepted, even at u = 0 (SPEC-ACCEPT-BOUNDARY).
 * The clocks of a race are the tape's uniforms of the slot and token, so the tape must answer those by name.
 * @throws {@link LawError} from `draw` and `race`, as {@link indexAt} does.
 */
export function sampled(tape: Tape): Chance<number> {
  return {
    accept: (slot, numerator, denominator) => tape.uniform(slot) * denominator < numerator,
    draw: (slot, weights) => indexAt(tape.uniform(slot), weights),
    race: (slot, weights) => raceWinner(weights, (token) => tape.uniform({ ...slot, token })),
  };
}
