/**
 * Where uniforms come from. A tape answers each named slot with a number in [0, 1); it can be made from a seed,
 * recorded, and replayed from a record.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';
import type { Slot } from './slot.ts';

/** Answers each slot with a uniform in [0, 1). */
export interface Tape {
  /** The uniform of a slot. Asking twice may give two. */
  uniform(slot: Slot): number;
}

/** One recorded draw. */
export interface RecordedDraw extends Slot {
  readonly uniform: number;
}

/** A tape that answers from another one and appends what it answered to `record`. */
export function recordingTape(tape: Tape, record: { push(draw: RecordedDraw): unknown }): Tape {
  return {
    uniform(slot) {
      const uniform = tape.uniform(slot);
      const { purpose, position, token } = slot;
      record.push({ purpose, position, ...(token !== undefined && { token }), uniform });
      return uniform;
    },
  };
}

/**
 * A tape that plays a record back, draw by draw.
 * @throws {@link OptionError} from `uniform`, when the record ends early or its next draw has another name.
 */
export function replayedTape(record: readonly RecordedDraw[]): Tape {
  let next = 0;
  return {
    uniform(slot) {
      const draw = record[next];
      if (draw === undefined || nameOf(draw) !== nameOf(slot)) {
        throw new OptionError(`tape draw ${next}`, nameOf(slot), draw ? nameOf(draw) : 'the end of the record');
      }
      next += 1;
      return draw.uniform;
    },
  };
}

function nameOf({ purpose, position, token }: Slot): string {
  return `${purpose}@${position}${token === undefined ? '' : ` clock ${token}`}`;
}
