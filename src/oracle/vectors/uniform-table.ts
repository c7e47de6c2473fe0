/**
 * The uniforms of one round, written out: enough for an engine that draws them one by one and for one that draws them
 * all at once.
 * @packageDocumentation
 */
import type { Slot } from '../../chance/slot.ts';
import type { Tape } from '../../chance/tape.ts';
import { FormatError } from '../../errors.ts';

/** Uniforms in [0, 1) by purpose and position; `race` by position and token. */
export interface UniformTable {
  /** `accept[i][j]`: the coin that is tossed as the j-th at position i. */
  readonly accept: readonly ArrayLike<number>[];
  /** `residual[i][0]`: for the correction at position i. */
  readonly residual: readonly ArrayLike<number>[];
  /** `target[i][0]`: for the token drawn from the target's law at position i. */
  readonly target: readonly ArrayLike<number>[];
  /** `race[i][x]`: the clock of token x at position i; for a rule whose draws are races. */
  readonly race?: readonly ArrayLike<number>[] | undefined;
}

/** The purposes that a table answers. */
export const TABLED = ['accept', 'residual', 'target'] as const;

/**
 * A tape that answers from a table: the j-th question of a purpose at a position gets entry j.
 * @throws {@link FormatError} from `uniform`, when the table has no such entry.
 */
export function tabledTape(table: UniformTable): Tape {
  const asked = new Map<string, number>();
  return {
    uniform(slot) {
      const { purpose, position, token } = slot;
      if (token !== undefined) return entry(table.race, 'race', position, token);
      const key = `${purpose} ${position}`;
      const count = asked.get(key) ?? 0;
      asked.set(key, count + 1);
      return entry(table[purpose as (typeof TABLED)[number]], purpose, position, count);
    },
  };
}

function entry(
  rows: readonly ArrayLike<number>[] | undefined,
  purpose: Slot['purpose'] | 'race',
  position: number,
  index: number,
): number {
  const uniform = rows?.[position]?.[index];
  if (uniform === undefined) {
    throw new FormatError('uniforms', `an entry ${purpose}[${position}][${index}]`, 'none');
  }
  return uniform;
}
