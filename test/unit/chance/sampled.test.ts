import { describe, expect, it } from 'vitest';
import type { Chance } from '../../../src/chance/chance.ts';
import { sampled } from '../../../src/chance/sampled.ts';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import type { Slot } from '../../../src/chance/slot.ts';
import { type RecordedDraw, recordingTape, replayedTape } from '../../../src/chance/tape.ts';

const slot: Slot = { purpose: 'target', position: 0 };
/** The largest uniform that a tape gives. */
const ALMOST_ONE = 1 - 2 ** -53;
const constant = (uniform: number): Chance<number> => sampled({ uniform: () => uniform });

describe('sampled', () => {
  it.each([
    ['a numerator of zero at u = 0', 0, 0, 0.5, false],
    ['zero over zero at u = 0', 0, 0, 0, false],
    ['the least numerator at u = 0', 0, Number.MIN_VALUE, 1, true],
    ['u at the ratio', 0.5, 0.5, 1, false],
    ['u below the ratio', 0.5 - 2 ** -54, 0.5, 1, true],
    ['equal laws at the largest u', ALMOST_ONE, 0.3, 0.3, true],
    ['p above q at the largest u', ALMOST_ONE, 0.4, 0.3, true],
    ['no division: q = 0', ALMOST_ONE, 0.1, 0, true],
  ])('accept: %s', (_, uniform, numerator, denominator, accepted) => {
    expect(constant(uniform).accept(slot, numerator, denominator)).toBe(accepted);
  });

  it('asks the tape once per choice, by its slot', () => {
    const asked: Slot[] = [];
    const chance = sampled({ uniform: (named) => asked.push({ ...named }) * 0 + 0.5 });
    chance.draw({ purpose: 'draft', position: 3 }, [1, 1]);
    chance.accept({ purpose: 'accept', position: 4 }, 1, 1); // a coin is spent even where it cannot matter
    expect(asked).toEqual([
      { purpose: 'draft', position: 3 },
      { purpose: 'accept', position: 4 },
    ]);
  });

  it('race: clocks by position and token, whoever asks; recorded and replayed', () => {
    const third: Slot = { purpose: 'target', position: 3 };
    const weights = [0.2, 0, 0.5, 0.3];
    const record: RecordedDraw[] = [];
    const chance = sampled(recordingTape(seededTape(5), record));
    const winner = chance.race(third, weights);
    const again = sampled(seededTape(5));
    again.draw({ purpose: 'target', position: 9 }, weights); // does not move the clocks
    again.race({ purpose: 'target', position: 8 }, weights);
    expect(again.race(third, [0.2, 0.1, 0.5, 0.2])).toBeTypeOf('number');
    expect(again.race(third, weights)).toBe(winner);
    expect(record.map(({ purpose, position, token }) => [purpose, position, token])).toEqual([
      ['target', 3, 0],
      ['target', 3, 2],
      ['target', 3, 3],
    ]);
    expect(sampled(replayedTape(record)).race(third, weights)).toBe(winner);
    expect(() => sampled(replayedTape(record)).race(third, [1, 1, 1, 1])).toThrow('target@3 clock 1');
  });
});
